package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
)

// checker hashes what is written to it and compares it with the pattern.
type checker struct {
	want  *pattern
	bytes uint64
	sum   interface {
		io.Writer
		Sum([]byte) []byte
	}
	differs bool
}

func newChecker(seed uint32) *checker {
	return &checker{want: newPattern(seed), sum: sha256.New()}
}

func (c *checker) Write(b []byte) (int, error) {
	c.differs = c.differs || !c.want.matches(b)
	c.bytes += uint64(len(b))
	return c.sum.Write(b)
}

func (c *checker) result(want uint64) (fields, error) {
	if c.bytes != want {
		return nil, fmt.Errorf("%d bytes came, expected %d", c.bytes, want)
	}
	if c.differs {
		return nil, errors.New("the bytes that came are not the pattern")
	}
	return fields{"bytes": c.bytes, "sha256": hex.EncodeToString(c.sum.Sum(nil))}, nil
}

// finish closes the stream after success and resets it after failure.
func finish(s network.Stream, err *error) {
	if *err != nil {
		s.Reset()
	} else {
		s.Close()
	}
}

func echo(ctx context.Context, n *node, c command) (f fields, err error) {
	s, err := n.open(ctx, c, echoID)
	if err != nil {
		return nil, err
	}
	defer finish(s, &err)
	sent := make(chan error, 1)
	go func() {
		err := writeChunks(s, c)
		if err == nil {
			err = s.CloseWrite()
		}
		sent <- err
	}()
	got := newChecker(c.Seed)
	if _, err = io.Copy(got, s); err != nil {
		return nil, err
	}
	if err = <-sent; err != nil {
		return nil, err
	}
	return got.result(c.Bytes)
}

// writeChunks writes the pattern in pieces of random size, up to maxChunk bytes each.
func writeChunks(w io.Writer, c command) error {
	data, sizes := newPattern(c.Seed), newPattern(c.Seed^0x5bd1e995)
	buf := make([]byte, c.MaxChunk)
	for left := c.Bytes; left > 0; {
		chunk := buf[:min(left, uint64(1+sizes.next()%c.MaxChunk))]
		data.fill(chunk)
		if _, err := w.Write(chunk); err != nil {
			return err
		}
		left -= uint64(len(chunk))
	}
	return nil
}

func halfClose(ctx context.Context, n *node, c command) (f fields, err error) {
	s, err := n.open(ctx, c, halfCloseID)
	if err != nil {
		return nil, err
	}
	defer finish(s, &err)
	if err = writeChunks(s, c); err != nil {
		return nil, err
	}
	if err = s.CloseWrite(); err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(s)
	if err != nil {
		return nil, err
	}
	text, rest, _ := strings.Cut(string(answer), "\n")
	want := make([]byte, answerBytes)
	newPattern(answerSeed).fill(want)
	if !bytes.Equal(want, []byte(rest)) {
		return nil, fmt.Errorf("answer %q is followed by %d bytes that are not the pattern", text, len(rest))
	}
	return fields{"text": text, "bytes": len(rest)}, nil
}

func reset(ctx context.Context, n *node, c command) (fields, error) {
	s, err := n.open(ctx, c, resetID)
	if err != nil {
		return nil, err
	}
	defer s.Reset()
	if _, err := s.Write(make([]byte, resetBytes)); err != nil {
		return nil, err
	}
	_, err = io.ReadFull(s, make([]byte, 1))
	return nil, err
}

func resetMe(ctx context.Context, n *node, c command) (fields, error) {
	s, err := n.open(ctx, c, resetMeID)
	if err != nil {
		return nil, err
	}
	defer s.Reset()
	if _, err = s.Write(make([]byte, resetBytes)); err == nil {
		_, err = io.Copy(io.Discard, s)
	}
	return fields{"outcome": ending(err)}, nil
}

func perf(ctx context.Context, n *node, c command) (f fields, err error) {
	s, err := n.open(ctx, c, perfID)
	if err != nil {
		return nil, err
	}
	defer finish(s, &err)
	start := time.Now()
	if _, err = s.Write(binary.BigEndian.AppendUint64(nil, c.Download)); err != nil {
		return nil, err
	}
	if err = writeZeros(s, c.Upload); err != nil {
		return nil, err
	}
	if err = s.CloseWrite(); err != nil {
		return nil, err
	}
	got, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, s, make([]byte, perfChunk))
	if err == nil && uint64(got) != c.Download {
		err = fmt.Errorf("%d bytes came, expected %d", got, c.Download)
	}
	return fields{"uploadBytes": c.Upload, "downloadBytes": got, "seconds": time.Since(start).Seconds()}, err
}

func slowRead(ctx context.Context, n *node, c command) (f fields, err error) {
	s, err := n.open(ctx, c, sourceID)
	if err != nil {
		return nil, err
	}
	defer finish(s, &err)
	if _, err = s.Write(binary.BigEndian.AppendUint64(nil, c.Bytes)); err != nil {
		return nil, err
	}
	sleep(ctx, c.PauseMillis)
	got := newChecker(sourceSeed)
	if _, err = io.Copy(got, s); err != nil {
		return nil, err
	}
	return got.result(c.Bytes)
}

func sink(ctx context.Context, n *node, c command) (f fields, err error) {
	s, err := n.open(ctx, c, sinkID)
	if err != nil {
		return nil, err
	}
	defer finish(s, &err)
	if err = writePattern(s, c.Bytes, c.Seed, "sink-progress"); err != nil {
		return nil, err
	}
	if err = s.CloseWrite(); err != nil {
		return nil, err
	}
	if _, err = io.Copy(io.Discard, s); err != nil { // the other side closes once it has read everything
		return nil, err
	}
	return fields{"bytes": c.Bytes}, nil
}
