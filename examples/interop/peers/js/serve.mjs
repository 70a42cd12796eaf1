import { createHash } from 'node:crypto'
import { emit } from './lines.mjs'
import { MANY_STREAMS } from './node.mjs'
import { Pattern } from './pattern.mjs'
import { consume, drain, drained, ending, write, writePattern, writeZeros } from './streaming.mjs'

export const ECHO = '/echo/1.0.0'
export const PERF = '/perf/1.0.0'
export const HALF_CLOSE = '/interop/half-close/1.0.0'
export const RESET = '/interop/reset/1.0.0'
export const RESET_ME = '/interop/reset-me/1.0.0'
export const SOURCE = '/interop/source/1.0.0'
export const SINK = '/interop/sink/1.0.0'

export const RESET_BYTES = 1024
export const SOURCE_SEED = 1
export const answer = () => new Pattern(2).bytes(64 * 1024)

/** Reads an unsigned 64 bit big-endian header and counts what follows. */
function headerReader () {
  const header = new Uint8Array(8)
  let seen = 0
  return {
    add (chunk) {
      if (seen < 8) header.set(chunk.subarray(0, 8 - seen), seen)
      seen += chunk.byteLength
    },
    complete: () => seen >= 8,
    value: () => Number(new DataView(header.buffer).getBigUint64(0))
  }
}

async function serveEcho (stream) {
  await drain(stream, chunk => stream.send(chunk) ? undefined : drained(stream))
}

async function servePerf (stream) {
  const header = headerReader()
  await drain(stream, header.add)
  if (!header.complete()) throw new Error('perf request without its 8 byte header')
  await writeZeros(stream, header.value())
}

async function serveHalfClose (stream) {
  let seen = 0
  await drain(stream, chunk => { seen += chunk.byteLength })
  await write(stream, new TextEncoder().encode(`bytes seen: ${seen}\n`))
  await write(stream, answer())
}

/** Acknowledges the opener's bytes, so that the reset cannot overtake the stream's negotiation. */
async function serveReset (stream, peer) {
  let bytes = 0
  const how = await consume(stream, chunk => {
    const before = bytes
    bytes += chunk.byteLength
    if (before < RESET_BYTES && bytes >= RESET_BYTES) stream.send(Uint8Array.of(6))
  })
  emit('reset-seen', { peer, how: await ending(stream, how), bytes })
}

async function serveResetMe (stream) {
  await new Promise(resolve => stream.addEventListener('message', resolve, { once: true }))
  stream.abort(new Error('reset on purpose'))
}

async function serveSource (stream, peer) {
  const header = headerReader()
  let start
  const known = new Promise(resolve => { start = resolve })
  const ended = consume(stream, chunk => {
    header.add(chunk)
    if (header.complete()) start()
  })
  await Promise.race([known, ended])
  if (!header.complete()) throw new Error('source request without its 8 byte header')
  ended.catch(() => {}) // writing fails as well
  await writePattern(stream, peer, header.value(), SOURCE_SEED, 'source-progress')
}

export async function serve (node) {
  const sinks = [] // one function for each sink stream that waits for sink-resume

  async function serveSink (stream, peer) {
    stream.pause()
    const resumed = new Promise(resolve => sinks.push(resolve))
    emit('sink-open', { peer })
    await resumed
    const hash = createHash('sha256')
    let bytes = 0
    const done = drain(stream, chunk => {
      bytes += chunk.byteLength
      hash.update(chunk)
    })
    if (stream.readStatus === 'paused') stream.resume()
    await done
    emit('sink-done', { peer, bytes, sha256: hash.digest('hex') })
  }

  const handlers = {
    [ECHO]: serveEcho,
    [PERF]: servePerf,
    [HALF_CLOSE]: serveHalfClose,
    [RESET]: serveReset,
    [RESET_ME]: serveResetMe,
    [SOURCE]: serveSource,
    [SINK]: serveSink
  }
  for (const [protocol, handle] of Object.entries(handlers)) {
    await node.handle(protocol, async (stream, connection) => {
      try {
        await handle(stream, connection.remotePeer.toString())
        if (stream.status === 'open') await stream.close()
      } catch (err) {
        stream.abort(err)
      }
    }, MANY_STREAMS)
  }
  return sinks
}
