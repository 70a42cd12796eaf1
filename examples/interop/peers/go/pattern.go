package main

// pattern produces the pseudo-random bytes that every peer agrees on: xorshift32,
// each state written as four bytes, least significant first.
type pattern struct {
	state uint32
	word  uint32
	left  int
}

func newPattern(seed uint32) *pattern {
	if seed == 0 {
		seed = 0x9e3779b9
	}
	return &pattern{state: seed}
}

func (p *pattern) next() uint32 {
	p.state ^= p.state << 13
	p.state ^= p.state >> 17
	p.state ^= p.state << 5
	return p.state
}

func (p *pattern) fill(buf []byte) {
	for i := range buf {
		if p.left == 0 {
			p.word, p.left = p.next(), 4
		}
		buf[i] = byte(p.word)
		p.word >>= 8
		p.left--
	}
}

// matches says whether buf continues the pattern.
func (p *pattern) matches(buf []byte) bool {
	want := make([]byte, len(buf))
	p.fill(want)
	return string(want) == string(buf)
}
