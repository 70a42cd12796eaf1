/*
 * The pseudo-random bytes that every peer agrees on: xorshift32, each state written as four bytes, least significant
 * first.
 */
export class Pattern {
  constructor (seed) {
    this.state = (seed >>> 0) === 0 ? 0x9e3779b9 : seed >>> 0
    this.word = 0
    this.left = 0
  }

  next () {
    let x = this.state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.state = x >>> 0
    return this.state
  }

  bytes (size) {
    const buf = new Uint8Array(size)
    for (let i = 0; i < size; i++) {
      if (this.left === 0) {
        this.word = this.next()
        this.left = 4
      }
      buf[i] = this.word & 0xff
      this.word >>>= 8
      this.left--
    }
    return buf
  }
}
