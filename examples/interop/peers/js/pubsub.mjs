/* Taking part in publishing and subscribing: the service that --pubsub asks for, its events and its commands. */
import { createHash } from 'node:crypto'
import { floodsub } from '@libp2p/floodsub'
import { gossipsub } from '@libp2p/gossipsub'
import { emit } from './lines.mjs'
import { Pattern } from './pattern.mjs'

const SHOWN_BYTES = 4096 // the longest payload that an event shows as a whole
const MANY_STREAMS = { maxInboundStreams: 1000, maxOutboundStreams: 1000 }
const POLICIES = { strict: 'StrictSign', none: 'StrictNoSign' }
const VERSIONS = ['1.2', '1.1', '1.0']

function uint64 (value) {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}

const MESSAGE_IDS = {
  'author-seqno': msg => Buffer.concat([msg.from.toMultihash().bytes, uint64(msg.sequenceNumber)]),
  'data-sha256': msg => createHash('sha256').update(msg.data).digest()
}

function choice (kind, name, choices) {
  if (!Object.hasOwn(choices, name)) throw new Error(`no ${kind} "${name}"`)
  return choices[name]
}

/** The service for the argument of --pubsub; what is absent there is as the library has it. */
export function pubsubService (flag) {
  const o = { router: 'gossipsub', sign: 'strict', ...JSON.parse(flag) }
  const globalSignaturePolicy = choice('sign', o.sign, POLICIES)
  if (o.router === 'floodsub') return floodsub({ globalSignaturePolicy, ...MANY_STREAMS })
  choice('router', o.router, { gossipsub })
  const seconds = value => value == null ? undefined : value * 1000
  const options = {
    globalSignaturePolicy,
    ...MANY_STREAMS,
    msgIdFn: choice('messageId', o.messageId ?? (o.sign === 'none' ? 'data-sha256' : 'author-seqno'), MESSAGE_IDS),
    fallbackToFloodsub: false, // the list of protocols is replaced below
    doPX: o.px === true,
    floodPublish: o.floodPublish,
    heartbeatInterval: o.heartbeatMillis,
    D: o.d,
    Dlo: o.dLow,
    Dhi: o.dHigh,
    Dout: o.dOut,
    Dlazy: o.dLazy,
    pruneBackoff: seconds(o.pruneBackoffSeconds),
    unsubcribeBackoff: seconds(o.unsubscribeBackoffSeconds),
    idontwantMinDataSize: o.idontwantBytes,
    maxInboundDataLength: o.maxMessageBytes,
    ...(o.px === true ? { scoreThresholds: { acceptPXThreshold: 0 } } : {}) // 10 by itself, which a test does not earn
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const top = o.version == null ? 0 : VERSIONS.indexOf(o.version)
  if (top < 0) throw new Error(`no version "${o.version}"`)
  return components => {
    const service = gossipsub(given)(components)
    service.protocols = VERSIONS.slice(top).map(version => `/meshsub/${version}.0`)
    if (o.floodsub !== false) service.protocols.push('/floodsub/1.0.0')
    return service
  }
}

function messageFields (msg, source, id) {
  const bytes = msg.data.byteLength
  return {
    topic: msg.topic,
    from: msg.from?.toString() ?? null,
    seqno: msg.sequenceNumber?.toString() ?? null,
    source,
    bytes,
    id,
    sha256: createHash('sha256').update(msg.data).digest('hex'),
    ...(bytes <= SHOWN_BYTES ? { data: Buffer.from(msg.data).toString('base64') } : {})
  }
}

/** Tells of the control messages of one RPC, if it has any. */
function control (direction, peer, c) {
  const count = list => (list ?? []).reduce((sum, m) => sum + m.messageIDs.length, 0)
  const fields = {
    ihave: count(c?.ihave),
    iwant: count(c?.iwant),
    idontwant: count(c?.idontwant),
    graft: (c?.graft ?? []).map(m => m.topicID),
    prune: (c?.prune ?? []).map(m => ({
      topic: m.topicID,
      peers: m.peers.length,
      records: m.peers.filter(exchanged => exchanged.signedPeerRecord != null).length,
      backoff: Number(m.backoff ?? 0)
    }))
  }
  if (fields.ihave + fields.iwant + fields.idontwant + fields.graft.length + fields.prune.length > 0) {
    emit('control', { peer, direction, ...fields, extensions: false })
  }
}

/** Calls after(args, result) whenever the method is called; that is where the library has no events. */
function following (object, method, after) {
  const original = object[method].bind(object)
  object[method] = (...args) => {
    const result = original(...args)
    after(args, result)
    return result
  }
}

/** Reports what happens to the service. */
export function watchPubsub (service) {
  service.addEventListener('subscription-change', ({ detail }) => {
    for (const { topic, subscribe } of detail.subscriptions) {
      emit(subscribe ? 'subscribed' : 'unsubscribed', { peer: detail.peerId.toString(), topic })
    }
  })
  if (service.getMeshPeers == null) {
    service.addEventListener('message', ({ detail }) => emit('message', messageFields(detail, null, null)))
    return
  }
  service.addEventListener('gossipsub:message', ({ detail: { propagationSource, msgId, msg } }) => {
    emit('message', messageFields(msg, propagationSource.toString(), Buffer.from(msgId, 'base64').toString('hex')))
  })
  service.addEventListener('gossipsub:graft', ({ detail: { peerId: peer, topic } }) => emit('grafted', { peer, topic }))
  service.addEventListener('gossipsub:prune', ({ detail: { peerId: peer, topic } }) => emit('pruned', { peer, topic }))
  following(service, 'handleReceivedRpc', ([from, rpc]) => control('in', from.toString(), rpc.control))
  following(service, 'sendRpc', ([to, rpc], sent) => { if (sent) control('out', to, rpc.control) })
  following(service, 'sendRpcInBatch', ([all, rpc]) => { for (const to of all) control('out', to, rpc.control) })
}

function payload (c, i) {
  if (c.data != null) return Buffer.from(c.data, 'base64')
  if (c.text != null) return Buffer.from(c.count > 1 ? c.text + i : c.text)
  return new Pattern(c.seed + i).bytes(c.bytes)
}

/** The commands by name; service is undefined without --pubsub. */
export function pubsubCommands (service) {
  const on = run => async c => {
    if (service == null) throw new Error('started without --pubsub')
    return run(c)
  }
  return {
    subscribe: on(c => {
      if (service.getTopics().includes(c.topic)) throw new Error(`already subscribed to ${c.topic}`)
      service.subscribe(c.topic)
    }),
    unsubscribe: on(c => {
      if (!service.getTopics().includes(c.topic)) throw new Error(`not subscribed to ${c.topic}`)
      service.unsubscribe(c.topic)
    }),
    publish: on(async c => {
      const start = performance.now()
      for (let i = 0; i < c.count; i++) {
        const wait = start + i * c.intervalMicros / 1000 - performance.now()
        if (wait >= 1) await new Promise(resolve => setTimeout(resolve, wait))
        await service.publish(c.topic, payload(c, i))
      }
      return { published: c.count }
    }),
    'topic-peers': on(c => ({ peers: service.getSubscribers(c.topic).map(String) })),
    'mesh-peers': on(c => {
      if (service.getMeshPeers == null) throw new Error('floodsub has no mesh')
      return { peers: service.getMeshPeers(c.topic) }
    }),
    'pubsub-peers': on(() => ({
      peers: service.streamsOutbound == null
        ? service.getPeers().map(peer => ({ peer: peer.toString(), protocol: service.protocol }))
        : [...service.streamsOutbound].map(([peer, stream]) => ({ peer, protocol: stream.protocol }))
    }))
  }
}
