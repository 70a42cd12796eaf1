/*
 * Reading and writing js-libp2p streams with backpressure. The streams' own async iterator buffers without bound and
 * misses an end that came before it was asked, and onDrain() waits only the first time it is called: hence these two.
 */
import { createHash } from 'node:crypto'
import { emit } from './lines.mjs'
import { Pattern } from './pattern.mjs'

const WRITE_CHUNK = 16 * 1024
const STALL_AFTER_MILLIS = 300

/**
 * Hands every arrival to onChunk, and pauses the stream while a promise that it returned is pending. Resolves with
 * "eof" or "reset" when nothing more will come, and rejects when onChunk fails or the stream is aborted here.
 */
export function consume (stream, onChunk = () => {}) {
  return new Promise((resolve, reject) => {
    let working = Promise.resolve()
    const finish = (error) => {
      working.then(() => {
        if (stream.status === 'reset') resolve('reset')
        else if (error != null || stream.status === 'aborted') reject(error ?? new Error('stream aborted'))
        else resolve('eof')
      }, reject)
    }
    stream.addEventListener('end', () => finish())
    stream.addEventListener('close', ({ error }) => { if (error != null || stream.readableEnded) finish(error) })
    stream.addEventListener('message', ({ data }) => {
      let work
      try {
        work = onChunk(data.subarray())
      } catch (err) { // an answer to a stream that has just been closed; thrown on, it would end the process
        stream.abort(err)
        reject(err)
      }
      if (work == null) return
      stream.pause()
      working = work.then(() => { if (stream.readStatus === 'paused') stream.resume() })
      working.catch(err => { stream.abort(err); reject(err) })
    })
    if (stream.readableEnded || stream.status === 'reset') finish()
  })
}

/** Reads to an orderly end; a reset is an error. */
export async function drain (stream, onChunk) {
  if (await consume(stream, onChunk) === 'reset') throw new Error('stream was reset')
}

/** How a stream really ended of which consume said how: over QUIC a reset shows as the end, and only writing tells the two apart. */
export async function ending (stream, how) {
  if (how !== 'eof' || stream.constructor.name !== 'QuicStream') return how
  await new Promise(resolve => setTimeout(resolve, 100)) // the frame that stops us comes after the one that resets
  try {
    await write(stream, Uint8Array.of(0))
    return 'eof'
  } catch {
    return 'reset'
  }
}

/** Sends and waits until the stream takes more. */
export async function write (stream, chunk) {
  if (!stream.send(chunk)) await drained(stream)
}

export function drained (stream) {
  if (!stream.writableNeedsDrain) return
  return new Promise((resolve, reject) => {
    const done = () => { stop(); resolve() }
    const failed = ({ error }) => { stop(); reject(error ?? new Error('stream closed')) }
    const stop = () => {
      stream.removeEventListener('drain', done)
      stream.removeEventListener('close', failed)
    }
    stream.addEventListener('drain', done)
    stream.addEventListener('close', failed)
  })
}

export async function writeZeros (stream, total) {
  const zeros = new Uint8Array(64 * 1024)
  for (let left = total; left > 0; left -= zeros.byteLength) {
    await write(stream, left < zeros.byteLength ? zeros.subarray(0, left) : zeros)
  }
}

/** Writes the pattern in pieces of random size, up to maxChunk bytes each. */
export async function writeChunks (stream, { bytes, seed, maxChunk }) {
  const data = new Pattern(seed)
  const sizes = new Pattern(seed ^ 0x5bd1e995)
  for (let left = bytes; left > 0;) {
    const chunk = data.bytes(Math.min(left, 1 + sizes.next() % maxChunk))
    await write(stream, chunk)
    left -= chunk.byteLength
  }
}

/** Writes total pattern bytes and reports when it stalls and how it ends. */
export async function writePattern (stream, peer, total, seed, event) {
  const data = new Pattern(seed)
  let written = 0
  const report = (state) => emit(event, { peer, written, state })
  try {
    while (written < total) {
      const chunk = data.bytes(Math.min(total - written, WRITE_CHUNK))
      const timer = setTimeout(report, STALL_AFTER_MILLIS, 'blocked')
      try {
        await write(stream, chunk)
      } finally {
        clearTimeout(timer)
      }
      written += chunk.byteLength
    }
  } catch (err) {
    report('failed')
    throw err
  }
  report('finished')
}

/** Hashes what it is given and compares it with the pattern. */
export class Checker {
  constructor (seed) {
    this.want = new Pattern(seed)
    this.hash = createHash('sha256')
    this.bytes = 0
    this.differs = false
  }

  add (chunk) {
    this.differs ||= Buffer.compare(chunk, this.want.bytes(chunk.byteLength)) !== 0
    this.bytes += chunk.byteLength
    this.hash.update(chunk)
  }

  result (want) {
    if (this.bytes !== want) throw new Error(`${this.bytes} bytes came, expected ${want}`)
    if (this.differs) throw new Error('the bytes that came are not the pattern')
    return { bytes: this.bytes, sha256: this.hash.digest('hex') }
  }
}
