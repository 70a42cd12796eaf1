import { identify, identifyPush } from '@libp2p/identify'
import { generateKeyPair, generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { ping } from '@libp2p/ping'
import { createLibp2p } from 'libp2p'
import { layers } from './layers.mjs'
import { emit } from './lines.mjs'
import { pubsubService } from './pubsub.mjs'

export const MANY_STREAMS = { maxInboundStreams: 10_000, maxOutboundStreams: 10_000 }

async function privateKey (seed) {
  if (seed == null) return generateKeyPair('Ed25519')
  const bytes = Buffer.from(seed, 'hex')
  if (bytes.byteLength !== 32) throw new Error(`--seed wants 32 bytes, got ${bytes.byteLength}`)
  return generateKeyPairFromSeed('Ed25519', bytes)
}

export async function createNode (flags) {
  const { negotiatedEarly, ...chosen } = layers(flags)
  const node = await createLibp2p({
    start: false,
    privateKey: await privateKey(flags.seed),
    addresses: { listen: flags.listen },
    ...chosen,
    connectionGater: { denyDialMultiaddr: () => false },
    connectionManager: {
      inboundConnectionThreshold: 100_000, // the default refuses a 6th connection within a second from one host
      maxIncomingPendingConnections: 1000,
      maxConnections: 10_000
    },
    connectionMonitor: { enabled: false }, // no pings that the test did not ask for
    services: {
      identify: identify(MANY_STREAMS),
      push: identifyPush({ debounce: 100, ...MANY_STREAMS }),
      ping: ping({ timeout: 60_000, ...MANY_STREAMS }),
      ...(flags.pubsub == null ? {} : { pubsub: pubsubService(flags.pubsub) })
    }
  })
  return { node, negotiatedEarly }
}

/** What a peer said, with what a later message leaves out kept: a push need not carry every field. */
function merge (before, after) {
  const said = Object.entries(after).filter(([, value]) => value.length !== 0 && value.present !== false)
  return { ...before, ...Object.fromEntries(said) }
}

/** Reports connections and identify, and remembers for each connected peer what it last said of itself. */
export function watch (node, negotiatedEarly) {
  const identified = new Map()
  const waiting = new Set()
  node.addEventListener('connection:open', ({ detail: c }) => {
    emit('connected', {
      peer: c.remotePeer.toString(),
      direction: c.direction,
      address: c.remoteAddr.toString(),
      security: c.encryption === 'native' ? '' : c.encryption,
      muxer: c.encryption === 'native' ? '' : c.multiplexer,
      earlyMuxer: negotiatedEarly(c)
    })
  })
  node.addEventListener('connection:close', ({ detail: c }) => {
    if (node.getConnections(c.remotePeer).every(other => other.status !== 'open')) identified.delete(c.remotePeer.toString())
    emit('disconnected', { peer: c.remotePeer.toString() })
  })
  node.addEventListener('peer:identify', ({ detail: r }) => {
    const complete = r.publicKey != null // only an identify must carry it; a push may come first
    const fields = {
      peer: r.peerId.toString(),
      protocolVersion: r.protocolVersion ?? '',
      agentVersion: r.agentVersion ?? '',
      protocols: r.protocols,
      listenAddrs: r.listenAddrs.map(String),
      observedAddr: r.observedAddr?.toString() ?? '',
      signedPeerRecord: { present: r.signedPeerRecord != null, valid: r.signedPeerRecord != null }
    }
    emit('identified', fields)
    const known = identified.get(fields.peer)
    identified.set(fields.peer, known == null ? { fields, complete } : { fields: merge(known.fields, fields), complete: complete || known.complete })
    for (const check of [...waiting]) check()
  })
  return async (peer, signal) => {
    while (identified.get(peer)?.complete !== true) {
      await new Promise((resolve, reject) => {
        waiting.add(resolve)
        signal.addEventListener('abort', () => reject(signal.reason))
      })
      waiting.clear()
    }
    return identified.get(peer).fields
  }
}
