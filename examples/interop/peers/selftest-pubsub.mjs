/*
 * The part of selftest.mjs about publishing and subscribing: for every ordered pair, the commands and events of
 * README.md's section on it, and what the libraries can do with each other.
 */
import { createHash } from 'node:crypto'
import assert from 'node:assert/strict'

const TOPIC = 'news'
const HEARTBEAT = { heartbeatMillis: 200 }
/** A mesh of two, and messages to nobody else: a third gets them by gossip. */
const SMALL_MESH = { ...HEARTBEAT, d: 2, dLow: 1, dHigh: 2, dOut: 0, floodPublish: false }
const NEWEST = { go: 1.3, rust: 1.3, js: 1.2 }

const sha256 = data => createHash('sha256').update(data).digest('hex')
const text = e => Buffer.from(e.data ?? '', 'base64').toString()
const event = (peer, name, other, from = 0) => peer.event(e => e.event === name && (other == null || e.peer === other.id) && e.topic === TOPIC, from)

/** Until the command's reply is as wanted. */
async function until (peer, cmd, fields, wanted) {
  const deadline = Date.now() + 10_000
  for (;;) {
    const reply = await peer.call(cmd, fields)
    if (wanted(reply)) return reply
    if (Date.now() > deadline) throw new Error(`${peer.name} ${cmd}: ${JSON.stringify(reply)}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

async function bothSubscribe (a, b) {
  await Promise.all([a, b].map(peer => peer.call('subscribe', { topic: TOPIC })))
  await Promise.all([[a, b], [b, a]].map(async ([x, y]) => {
    await event(x, 'subscribed', y)
    assert.deepEqual((await x.call('topic-peers', { topic: TOPIC })).peers, [y.id])
  }))
}

const inMesh = (x, y) => until(x, 'mesh-peers', { topic: TOPIC }, ({ peers }) => peers.includes(y.id))
const outOfMesh = (x, y) => until(x, 'mesh-peers', { topic: TOPIC }, ({ peers }) => !peers.includes(y.id))
const bothGraft = (a, b) => Promise.all([
  inMesh(a, b), inMesh(b, a), event(a, 'grafted', b), event(b, 'grafted', a)])

/** Each publishes a text and the other gets it. */
async function bothPublish (a, b, author = true) {
  for (const [x, y] of [[a, b], [b, a]]) await publishTo(x, y, author)
}

async function publishTo (x, y, author = true) {
  const words = `from ${x.name} ${Math.random()}`
  const from = y.events.length
  await x.call('publish', { topic: TOPIC, text: words })
  const m = await y.event(e => e.event === 'message' && text(e) === words, from)
  assert.equal(m.topic, TOPIC)
  assert.equal(m.bytes, words.length)
  assert.equal(m.sha256, sha256(words))
  assert.equal(m.from, author ? x.id : null)
  if (m.id != null && !author) assert.equal(m.id, sha256(words))
}

/**
 * Over floodsub. rust takes only the first RPC of a stream there: what was subscribed to before the connection, and
 * nothing that is published or unsubscribed later.
 */
async function flood (a, b) {
  await Promise.all([a, b].map(peer => peer.call('subscribe', { topic: TOPIC })))
  await a.call('dial', { addr: b.addr })
  await Promise.all([event(a, 'subscribed', b), event(b, 'subscribed', a)])
  const deaf = peer => peer.name === 'rust' && peer.floods
  for (const [x, y] of [[a, b], [b, a]]) if (!deaf(y)) await publishTo(x, y)
  for (const [x, y] of [[a, b], [b, a]]) {
    if (deaf(x)) continue
    await y.call('unsubscribe', { topic: TOPIC })
    await event(x, 'unsubscribed', y)
  }
}

/** a connects to b once both have started; where there are more, the case does that itself. */
const CASES = {
  strict: {
    options: HEARTBEAT,
    run: async (a, b) => {
      await bothSubscribe(a, b)
      await bothGraft(a, b)
      await bothPublish(a, b)
      const version = Math.min(NEWEST[a.name], NEWEST[b.name]).toFixed(1)
      for (const [x, y] of [[a, b], [b, a]]) {
        const { peers } = await x.call('pubsub-peers')
        assert.deepEqual(peers, [{ peer: y.id, protocol: `/meshsub/${version}.0` }])
      }
      await assert.rejects(a.call('subscribe', { topic: TOPIC }))
      await b.call('unsubscribe', { topic: TOPIC })
      await event(a, 'unsubscribed', b)
      await event(a, 'pruned', b)
      await outOfMesh(a, b)
      return version
    }
  },
  'author-less': {
    options: { ...HEARTBEAT, sign: 'none' },
    run: async (a, b) => {
      await bothSubscribe(a, b)
      await bothGraft(a, b)
      await bothPublish(a, b, false)
    }
  },
  'version 1.1': {
    options: { ...HEARTBEAT, version: '1.1' },
    run: async (a, b) => {
      await bothSubscribe(a, b)
      await bothGraft(a, b)
      assert.equal((await a.call('pubsub-peers')).peers[0].protocol, '/meshsub/1.1.0')
      await bothPublish(a, b)
    }
  },
  gossip: { // b's mesh is full before a comes, of more peers of a's kind
    options: (name, dials) => dials ? HEARTBEAT : SMALL_MESH,
    more: 2,
    run: async (a, b, first, second) => {
      for (const filler of [first, second]) {
        await filler.call('dial', { addr: b.addr })
        await filler.call('subscribe', { topic: TOPIC })
      }
      await b.call('subscribe', { topic: TOPIC })
      for (const filler of [first, second]) await Promise.all([inMesh(b, filler), inMesh(filler, b)])
      await a.call('dial', { addr: b.addr })
      await a.call('subscribe', { topic: TOPIC })
      await event(b, 'subscribed', a)
      await event(a, 'subscribed', b)
      const from = a.events.length
      await b.call('publish', { topic: TOPIC, text: 'to whom it may concern' })
      await a.event(e => e.event === 'message' && e.source === b.id, from)
      if (a.name !== 'rust') {
        await a.event(e => e.event === 'control' && e.direction === 'in' && e.ihave > 0, from)
        await a.event(e => e.event === 'control' && e.direction === 'out' && e.iwant > 0, from)
        await a.event(e => e.event === 'control' && e.direction === 'in' && e.prune.length > 0)
      }
      if (b.name !== 'rust') {
        await b.event(e => e.event === 'control' && e.direction === 'out' && e.ihave > 0)
        await b.event(e => e.event === 'control' && e.direction === 'in' && e.iwant > 0)
      }
      assert.ok(!(await b.call('mesh-peers', { topic: TOPIC })).peers.includes(a.id))
    }
  },
  idontwant: { // the third in a triangle hears from the second that it need not send
    options: { ...HEARTBEAT, idontwantBytes: 1000 },
    more: 1,
    run: async (a, b, c) => {
      await c.call('dial', { addr: a.addr })
      await c.call('dial', { addr: b.addr })
      await a.call('dial', { addr: b.addr })
      for (const peer of [a, b, c]) await peer.call('subscribe', { topic: TOPIC })
      for (const [x, y] of [[a, b], [b, c], [c, a]]) await Promise.all([inMesh(x, y), inMesh(y, x)])
      for (const x of [a, b, c]) {
        const others = [a, b, c].filter(y => y !== x)
        const marks = others.map(y => y.events.length)
        await x.call('publish', { topic: TOPIC, bytes: 50_000, seed: 5 })
        for (const y of others) await y.event(e => e.event === 'message' && e.bytes === 50_000, marks[others.indexOf(y)])
        for (const y of others) {
          if (y.name === 'rust') continue
          await y.event(e => e.event === 'control' && e.direction === 'out' && e.idontwant === 1, marks[others.indexOf(y)])
        }
      }
    }
  },
  exchange: { // b has room for two in its mesh; who comes too many is told of the others, and a go or js peer goes there
    options: (name, dials) => dials ? { ...HEARTBEAT, px: true } : { ...SMALL_MESH, px: true },
    more: 2,
    run: async (a, b, first, second) => {
      await b.call('subscribe', { topic: TOPIC })
      for (const other of [first, second]) {
        await other.call('dial', { addr: b.addr })
        await other.call('identify', { peer: b.id })
        await b.call('identify', { peer: other.id })
        await other.call('subscribe', { topic: TOPIC })
      }
      for (const filler of [first, second]) await Promise.all([inMesh(b, filler), inMesh(filler, b)])
      await a.call('dial', { addr: b.addr })
      await a.call('subscribe', { topic: TOPIC })
      if (b.name !== 'rust') {
        const told = await b.event(e => e.event === 'control' && e.direction === 'out' && e.peer === a.id && e.prune.length > 0)
        assert.equal(told.prune[0].peers, 2)
      }
      if (b.name === 'rust' && a.name !== 'rust') return 'rust sends no records' // and nobody knows where to go
      const wanted = e => (e.event === 'connected' || e.event === 'dial-failed') && [first.id, second.id].includes(e.peer)
      return (await a.event(wanted)).event // rust takes no records
    }
  },
  many: {
    options: HEARTBEAT,
    run: async (a, b) => {
      await bothSubscribe(a, b)
      await bothGraft(a, b)
      for (const [x, y] of [[a, b], [b, a]]) {
        const from = y.events.length
        await x.call('publish', { topic: TOPIC, text: 'm', count: 1000, intervalMicros: 500 })
        const got = new Set()
        await y.event(e => e.event === 'message' && got.add(text(e)).size === 1000, from) // js does not keep their order
      }
    }
  },
  large: {
    options: { ...HEARTBEAT, maxMessageBytes: 1 << 20 },
    run: async (a, b) => {
      await bothSubscribe(a, b)
      await bothGraft(a, b)
      for (const [x, y] of [[a, b], [b, a]]) {
        await x.call('publish', { topic: TOPIC, bytes: 1_000_000, seed: 3 })
        const m = await y.event(e => e.event === 'message' && e.bytes === 1_000_000)
        assert.equal(m.data, undefined)
      }
    }
  },
  reconnect: {
    options: HEARTBEAT,
    run: async (a, b) => {
      await bothSubscribe(a, b)
      await bothGraft(a, b)
      await bothPublish(a, b)
      await a.call('close', { peer: b.id })
      await b.event(e => e.event === 'disconnected' && e.peer === a.id)
      await until(a, 'topic-peers', { topic: TOPIC }, ({ peers }) => peers.length === 0)
      await until(b, 'topic-peers', { topic: TOPIC }, ({ peers }) => peers.length === 0)
      await a.call('dial', { addr: b.addr })
      for (const [x, y] of [[a, b], [b, a]]) {
        await until(x, 'topic-peers', { topic: TOPIC }, ({ peers }) => peers.includes(y.id))
      }
      for (const [x, y] of [[a, b], [b, a]]) { // go sends to its mesh alone, which takes a while to be there again
        const again = setInterval(() => x.call('publish', { topic: TOPIC, text: `again from ${x.name}` }), 300)
        await y.event(e => e.event === 'message' && text(e) === `again from ${x.name}`).finally(() => clearInterval(again))
      }
    }
  },
  floodsub: {
    options: { router: 'floodsub', sign: 'author' },
    without: name => name === 'js' ? 'js signs or has no author' : undefined,
    run: flood
  },
  'signed floodsub': {
    options: { router: 'floodsub' },
    without: name => name === 'rust' ? 'rust signs nothing over floodsub' : undefined,
    run: flood
  },
  'floodsub to gossipsub': {
    options: (name, dials) => dials ? { router: 'floodsub', sign: 'author' } : { ...HEARTBEAT, sign: 'author' },
    without: (name, dials, other) => name === 'js'
      ? 'js signs or has no author'
      : name === 'rust' && other === 'rust' ? 'the first RPC of rust gossipsub is none that floodsub knows' : undefined,
    run: flood
  },
  'signed floodsub to gossipsub': {
    options: (name, dials) => dials ? { router: 'floodsub' } : HEARTBEAT,
    without: (name, dials) => name === 'rust' && dials ? 'rust signs nothing over floodsub' : undefined,
    run: flood
  }
}

/** Runs every case between two kinds of peers, a dialing. */
export async function meetInPubsub (Peer, step, flags, dialer, listener) {
  for (const [name, { options, without, more = 0, run }] of Object.entries(CASES)) {
    const title = `pubsub ${dialer} -> ${listener} ${name}`
    const why = without?.(dialer, true, listener) ?? without?.(listener, false, dialer)
    if (why != null) {
      console.log(`      ${title} left out: ${why}`)
      continue
    }
    const of = (kind, dials) => JSON.stringify(typeof options === 'function' ? options(kind, dials) : options)
    const peers = await Promise.all([dialer, listener, ...Array(more).fill(dialer)].map((kind, i) =>
      Peer.start(kind, ...flags, '--pubsub', of(kind, i !== 1))))
    peers[0].floods = name.includes('floodsub')
    peers[1].floods = name.endsWith('floodsub') && !name.includes(' to ')
    await step(title, async () => {
      if (more === 0 && run !== flood) await peers[0].call('dial', { addr: peers[1].addr })
      return run(...peers)
    })
    await Promise.all(peers.map(peer => peer.stop()))
  }
}
