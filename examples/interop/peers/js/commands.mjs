import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { MANY_STREAMS } from './node.mjs'
import * as served from './serve.mjs'
import { Checker, consume, drain, ending, write, writeChunks, writePattern, writeZeros } from './streaming.mjs'

export const DEFAULTS = { count: 1, bytes: 0, seed: 1, maxChunk: 65536, upload: 0, download: 0, pauseMillis: 1000, intervalMicros: 0 }

function uint64 (value) {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}

/** The commands by name; each takes a command line with defaults filled in, and a signal for its time limit. */
export function commands (node, identifiedOf, sinks) {
  let pushes = 0

  /** The connected peer that a command names, connected to when it comes as an address. */
  async function target (c, signal) {
    if (c.addr != null) return (await node.dial(multiaddr(c.addr), { signal })).remotePeer
    const peer = peerIdFromString(c.peer)
    if (node.getConnections(peer).length === 0) throw new Error(`not connected to ${c.peer}`)
    return peer
  }

  /** Runs use(stream) on a new stream, closes it after success and resets it after failure or when time is up. */
  async function withStream (c, signal, protocol, use) {
    const peer = await target(c, signal)
    const stream = await node.dialProtocol(peer, protocol, { signal, ...MANY_STREAMS })
    const giveUp = () => stream.abort(signal.reason)
    signal.addEventListener('abort', giveUp)
    try {
      const result = await use(stream, peer.toString())
      if (stream.status === 'open') await stream.close()
      return result
    } catch (err) {
      stream.abort(err)
      throw err
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  return {
    dial: async (c, signal) => ({ peer: (await node.dial(multiaddr(c.addr), { signal })).remotePeer.toString() }),
    close: async (c, signal) => { await node.hangUp(peerIdFromString(c.peer), { signal }) },
    ping: async (c, signal) => {
      const peer = await target(c, signal)
      const rttMicros = []
      while (rttMicros.length < c.count) {
        const start = performance.now()
        await node.services.ping.ping(peer, { signal })
        rttMicros.push(Math.round((performance.now() - start) * 1000))
      }
      return { rttMicros }
    },
    identify: async (c, signal) => identifiedOf((await target(c, signal)).toString(), signal),
    /** Changes the own protocol list, which js-libp2p pushes to every peer by itself. */
    push: async () => {
      const protocol = `/interop/pushed/${++pushes}`
      await node.handle(protocol, stream => stream.abort(new Error('not served')))
      return { protocol }
    },
    echo: (c, signal) => withStream(c, signal, served.ECHO, async stream => {
      const got = new Checker(c.seed)
      const read = drain(stream, chunk => got.add(chunk))
      const sent = writeChunks(stream, c).then(() => stream.close({ signal }))
      await Promise.all([read, sent])
      return got.result(c.bytes)
    }),
    halfclose: (c, signal) => withStream(c, signal, served.HALF_CLOSE, async stream => {
      const chunks = []
      const read = drain(stream, chunk => { chunks.push(chunk) })
      await writeChunks(stream, c)
      await stream.close({ signal })
      await read
      const all = Buffer.concat(chunks)
      const end = all.indexOf('\n')
      const rest = all.subarray(end + 1)
      if (!rest.equals(served.answer())) throw new Error(`${rest.byteLength} bytes follow the answer that are not the pattern`)
      return { text: all.subarray(0, end).toString(), bytes: rest.byteLength }
    }),
    reset: (c, signal) => withStream(c, signal, served.RESET, async stream => {
      const acknowledged = new Promise((resolve, reject) => {
        stream.addEventListener('message', resolve)
        stream.addEventListener('close', ({ error }) => reject(error ?? new Error('stream closed')))
      })
      await write(stream, new Uint8Array(served.RESET_BYTES))
      await acknowledged
      stream.abort(new Error('reset on purpose'))
    }),
    'reset-me': (c, signal) => withStream(c, signal, served.RESET_ME, async stream => {
      const ended = consume(stream)
      await write(stream, new Uint8Array(served.RESET_BYTES))
      return { outcome: await ending(stream, await ended) }
    }),
    perf: (c, signal) => withStream(c, signal, served.PERF, async stream => {
      let downloadBytes = 0
      const start = performance.now()
      const read = drain(stream, chunk => { downloadBytes += chunk.byteLength })
      const sent = (async () => {
        await write(stream, uint64(c.download))
        await writeZeros(stream, c.upload)
        await stream.close({ signal })
      })()
      await Promise.all([read, sent])
      if (downloadBytes !== c.download) throw new Error(`${downloadBytes} bytes came, expected ${c.download}`)
      return { uploadBytes: c.upload, downloadBytes, seconds: (performance.now() - start) / 1000 }
    }),
    'slow-read': (c, signal) => withStream(c, signal, served.SOURCE, async stream => {
      stream.pause()
      await write(stream, uint64(c.bytes))
      await new Promise(resolve => setTimeout(resolve, c.pauseMillis))
      const got = new Checker(served.SOURCE_SEED)
      const read = drain(stream, chunk => got.add(chunk))
      stream.resume()
      await read
      return got.result(c.bytes)
    }),
    sink: (c, signal) => withStream(c, signal, served.SINK, async (stream, peer) => {
      const closed = drain(stream) // the other side closes once it has read everything
      closed.catch(() => {})
      await writePattern(stream, peer, c.bytes, c.seed, 'sink-progress')
      await stream.close({ signal })
      await closed
      return { bytes: c.bytes }
    }),
    'sink-resume': async () => {
      const waiting = sinks.splice(0)
      for (const resume of waiting) resume()
      return { resumed: waiting.length }
    },
    stop: async () => {}
  }
}
