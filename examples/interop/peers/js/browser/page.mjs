/* Runs inside the browser: a js-libp2p node that does what ../browser.mjs tells it to. */
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { Pattern } from '../pattern.mjs'

const ECHO = '/echo/1.0.0'
const CHUNK = 16 * 1024
const PATIENCE_MILLIS = 30_000
let node

/** Resolves with the first of these events; a stream that is closed with an error rejects. */
function next (stream, ...types) {
  return new Promise((resolve, reject) => {
    for (const type of types) stream.addEventListener(type, resolve, { once: true })
    stream.addEventListener('close', ({ error }) => error == null ? resolve() : reject(error), { once: true })
  })
}

const steps = {
  async start () {
    node = await createLibp2p({
      transports: [webSockets()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionGater: { denyDialMultiaddr: () => false }, // in a browser, ws and private addresses are refused otherwise
      connectionMonitor: { enabled: false },
      services: { identify: identify(), ping: ping() }
    })
    return { peer: node.peerId.toString() }
  },

  async dial ({ addr }) {
    const identified = new Promise(resolve => node.addEventListener('peer:identify', resolve, { once: true }))
    const connection = await node.dial(multiaddr(addr), { signal: AbortSignal.timeout(PATIENCE_MILLIS) })
    const { detail } = await identified
    return {
      peer: connection.remotePeer.toString(),
      address: connection.remoteAddr.toString(),
      security: connection.encryption,
      muxer: connection.multiplexer,
      agentVersion: detail.agentVersion,
      protocols: detail.protocols
    }
  },

  async ping ({ addr, count }) {
    const rttMillis = []
    for (let i = 0; i < count; i++) {
      rttMillis.push(await node.services.ping.ping(multiaddr(addr), { signal: AbortSignal.timeout(PATIENCE_MILLIS) }))
    }
    return { rttMillis }
  },

  async echo ({ addr, bytes }) {
    const stream = await node.dialProtocol(multiaddr(addr), ECHO, { signal: AbortSignal.timeout(PATIENCE_MILLIS) })
    const expected = new Pattern(7)
    let received = 0
    let equal = true
    stream.addEventListener('message', ({ data }) => {
      const chunk = data.subarray()
      const want = expected.bytes(chunk.byteLength)
      received += chunk.byteLength
      equal &&= chunk.every((byte, i) => byte === want[i])
    })
    const end = next(stream, 'end')
    const sent = new Pattern(7)
    for (let left = bytes; left > 0; left -= CHUNK) {
      if (!stream.send(sent.bytes(Math.min(left, CHUNK))) && stream.writableNeedsDrain) await next(stream, 'drain')
    }
    await stream.close({ signal: AbortSignal.timeout(PATIENCE_MILLIS) })
    await end
    return { received, equal: equal && received === bytes }
  },

  async hangup () {
    for (const connection of node.getConnections()) await connection.close()
  }
}

window.peer = async (step, args) => {
  try {
    return { ok: true, ...await steps[step](args) }
  } catch (err) {
    return { ok: false, error: `${err.name}: ${err.message}`, causes: err.errors?.map(String) }
  }
}
