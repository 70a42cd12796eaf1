#!/usr/bin/env node
/*
 * Proves that the peers talk to each other: every ordered pair of those named (default: go rust js) goes through every
 * command of the contract in README.md on the first road, and through the most important ones on the others, as far as
 * the libraries go; a browser dials each as well. Prints one line per pair and step; exits with 1 when a step failed.
 *
 *   node selftest.mjs [--road tcp-noise-yamux]... [--browser /usr/bin/chromium] [go] [rust] [js]
 */
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Pattern } from './js/pattern.mjs'
import { meetInPubsub } from './selftest-pubsub.mjs'

const MIB = 1024 * 1024
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const PROGRAMS = {
  go: [here('.cache/go/peer')],
  rust: [here('.cache/rust/peer')],
  js: [process.execPath, here('js/peer.mjs')]
}
const AGENTS = { go: /./, rust: /^rust-libp2p\//, js: /^js-libp2p\// }

const files = mkdtempSync(join(tmpdir(), 'selftest-'))
process.on('exit', () => rmSync(files, { recursive: true }))
const [cert, key, swarm] = ['cert.pem', 'key.pem', 'swarm.key'].map(name => join(files, name))
writeFileSync(swarm, `/key/swarm/psk/1.0.0/\n/base16/\n${'0123456789abcdef'.repeat(4)}\n`)
execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
  '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost', '-addext', 'basicConstraints=critical,CA:FALSE',
  '-keyout', key, '-out', cert], { stdio: 'ignore' })

const IDS = { noise: '/noise', tls: '/tls/1.0.0', plaintext: '/plaintext/2.0.0', yamux: '/yamux/1.0.0', mplex: '/mplex/6.7.0' }
const LISTEN = { tcp: '/tcp/0', ws: '/tcp/0/ws', wss: '/tcp/0/tls/ws', 'quic-v1': '/udp/0/quic-v1' }

/** A road by its name, for example tcp-noise-yamux, quic-v1 or pnet-tcp-noise-yamux. */
function road (name) {
  const [, pnet, transport, security, muxer] = /^(pnet-)?(tcp|wss|ws|quic-v1)(?:-(\w+)-(\w+))?$/.exec(name)
  const flags = ['--listen', `/ip4/127.0.0.1${LISTEN[transport]}`, '--transports', transport]
  if (security != null) flags.push('--security', security, '--muxer', muxer)
  if (transport === 'wss') flags.push('--tls-cert', cert, '--tls-key', key, '--tls-ca', cert)
  if (pnet != null) flags.push('--pnet', swarm)
  return { name, transport, security: IDS[security] ?? '', muxer: IDS[muxer] ?? '', flags }
}

const FIRST = 'tcp-noise-yamux'
const ROADS = [FIRST, 'tcp-tls-yamux', 'tcp-plaintext-yamux', 'tcp-noise-mplex', 'tcp-tls-mplex', 'ws-noise-yamux', 'ws-tls-yamux',
  'wss-noise-yamux', 'quic-v1', 'pnet-tcp-noise-yamux', 'pnet-ws-noise-yamux', 'pubsub']
/** The steps of the roads after the first. */
const CORE = ['dial', 'identify', 'ping', 'echo', 'halfclose', 'reset', 'reset-me', 'perf', 'source', 'sink', 'close']

/** Why a peer does not go through a step on a road, as dialer or listener. README.md says more. */
function without (peer, other, dials, on, step) {
  if (on.muxer === IDS.mplex) {
    if (peer === 'go') return 'go-libp2p has no mplex'
    if (step === 'source' || step === 'sink') return 'mplex has no flow control'
  }
  if (on.transport === 'quic-v1') {
    const resets = step === (dials ? 'reset' : 'reset-me')
    const reads = step === (dials ? 'source' : 'sink')
    if (peer === 'rust' && resets) return 'rust-libp2p cannot reset a QUIC stream'
    if (peer === 'js' && other === 'js' && resets) return 'js-libp2p hears of a reset over QUIC only from STOP_SENDING, and sends none'
    if (peer === 'js' && reads) return 'js-libp2p reads a QUIC stream as fast as it comes'
  }
}

class Peer {
  constructor (name, flags) {
    const [program, ...args] = PROGRAMS[name]
    this.name = name
    this.events = []
    this.waiting = new Set()
    this.commands = 0
    this.child = spawn(program, [...args, ...flags], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.child.stdin.on('error', () => {}) // it may be gone; the step says so
    createInterface({ input: this.child.stdout }).on('line', line => {
      this.events.push(JSON.parse(line))
      for (const check of [...this.waiting]) check()
    })
  }

  static async start (name, ...flags) {
    const peer = new Peer(name, flags)
    const { peerId, addresses } = await peer.event(e => e.event === 'listening', 0, 120_000)
    return Object.assign(peer, { id: peerId, addr: addresses[0] })
  }

  /** The first event, past or future, from index `from` on that matches. */
  event (matches, from = 0, millis = 30_000) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(check)
        reject(new Error(`${this.name}: no event ${matches}; last: ${JSON.stringify(this.events.slice(-4))}`))
      }, millis)
      const check = () => {
        const found = this.events.slice(from).find(matches)
        if (found == null) return
        clearTimeout(timer)
        this.waiting.delete(check)
        resolve(found)
      }
      this.waiting.add(check)
      check()
    })
  }

  call (cmd, fields) {
    const reply = this.reply(cmd, fields)
    reply.catch(() => {}) // a step that has failed before does not wait for it
    return reply
  }

  async reply (cmd, fields = {}) {
    const id = ++this.commands
    this.child.stdin.write(JSON.stringify({ id, cmd, ...fields }) + '\n')
    const reply = await this.event(e => e.event === 'reply' && e.id === id)
    if (!reply.ok) throw new Error(`${this.name} ${cmd}: ${reply.error}`)
    return reply
  }

  stop () {
    if (this.child.exitCode != null || this.child.signalCode != null) return
    const gone = new Promise(resolve => this.child.on('exit', resolve))
    this.child.stdin.end()
    return gone
  }
}

function patternHash (seed, bytes) {
  return createHash('sha256').update(new Pattern(seed).bytes(bytes)).digest('hex')
}

/** The steps, each with the dialing peer a and the listening peer b; what a step returns is printed. */
const STEPS = {
  dial: async (a, b, on) => {
    assert.equal((await a.call('dial', { addr: b.addr })).peer, b.id)
    const seen = [
      await a.event(e => e.event === 'connected' && e.peer === b.id && e.direction === 'outbound'),
      await b.event(e => e.event === 'connected' && e.peer === a.id && e.direction === 'inbound')
    ]
    const early = a.name !== 'rust' && b.name !== 'rust' && ['/noise', '/tls/1.0.0'].includes(on.security)
    for (const e of seen) {
      assert.equal(e.security, on.security)
      assert.equal(e.muxer, on.muxer)
      assert.equal(e.earlyMuxer, early)
    }
    return early ? 'early muxer' : undefined
  },
  identify: async (a, b, on) => {
    for (const [x, y] of [[a, b], [b, a]]) {
      const r = await x.call('identify', { peer: y.id })
      assert.equal(r.peer, y.id)
      assert.match(r.agentVersion, AGENTS[y.name])
      assert.ok(r.protocolVersion.length > 0)
      for (const p of ['/ipfs/id/1.0.0', '/ipfs/id/push/1.0.0', '/ipfs/ping/1.0.0', '/echo/1.0.0', '/perf/1.0.0']) {
        assert.ok(r.protocols.includes(p), `${x.name} misses ${p} of ${y.name}: ${r.protocols}`)
      }
      assert.match(r.observedAddr, /^\/ip4\/127\.0\.0\.1\/(tcp|udp)\/\d+/)
      assert.ok(r.listenAddrs.some(l => y.addr.startsWith(l)), `${y.addr} not in ${r.listenAddrs}`)
      const signs = y.name !== 'rust' // see README.md
      assert.deepEqual(r.signedPeerRecord, { present: signs, valid: signs })
    }
  },
  ping: async (a, b) => {
    const { rttMicros } = await a.call('ping', { peer: b.id, count: 5 })
    assert.equal(rttMicros.length, 5)
    assert.ok(rttMicros.every(rtt => rtt >= 0 && rtt < 5_000_000))
    return `${rttMicros.join(' ')} µs`
  },
  echo: async (a, b) => {
    const { bytes, sha256 } = await a.call('echo', { peer: b.id, bytes: MIB, seed: 7 })
    assert.equal(bytes, MIB)
    assert.equal(sha256, patternHash(7, MIB))
    await a.call('echo', { peer: b.id, bytes: 3000, seed: 8, maxChunk: 3 })
    await a.call('echo', { peer: b.id, bytes: 0 })
  },
  halfclose: async (a, b) => {
    const { text, bytes } = await a.call('halfclose', { peer: b.id, bytes: 100 })
    assert.equal(text, 'bytes seen: 100')
    assert.equal(bytes, 65536)
  },
  reset: async (a, b) => {
    await a.call('reset', { peer: b.id })
    const { how, bytes } = await b.event(e => e.event === 'reset-seen' && e.peer === a.id)
    assert.equal(how, 'reset')
    assert.equal(bytes, 1024)
  },
  'reset-me': async (a, b) => {
    assert.equal((await a.call('reset-me', { peer: b.id })).outcome, 'reset')
  },
  perf: async (a, b) => {
    const r = await a.call('perf', { peer: b.id, upload: 3 * MIB + 1, download: 5 * MIB - 1 })
    assert.equal(r.uploadBytes, 3 * MIB + 1)
    assert.equal(r.downloadBytes, 5 * MIB - 1)
    return `${(8 / r.seconds).toFixed(0)} MiB/s`
  },
  source: async (a, b) => {
    const total = 24 * MIB
    const reading = a.call('slow-read', { peer: b.id, bytes: total, pauseMillis: 1200 })
    const { written } = await b.event(e => e.event === 'source-progress' && e.peer === a.id && e.state === 'blocked')
    assert.ok(written < total, `${written} of ${total} written`)
    const { bytes, sha256 } = await reading
    assert.equal(bytes, total)
    assert.equal(sha256, patternHash(1, total))
    await b.event(e => e.event === 'source-progress' && e.state === 'finished' && e.written === total)
    return `blocked at ${(written / 1024).toFixed(0)} KiB`
  },
  sink: async (a, b) => {
    const total = 24 * MIB
    const sending = a.call('sink', { peer: b.id, bytes: total, seed: 9 })
    await b.event(e => e.event === 'sink-open' && e.peer === a.id)
    const { written } = await a.event(e => e.event === 'sink-progress' && e.peer === b.id && e.state === 'blocked')
    assert.ok(written < total, `${written} of ${total} written`)
    assert.equal((await b.call('sink-resume')).resumed, 1)
    const done = await b.event(e => e.event === 'sink-done' && e.peer === a.id)
    assert.equal(done.bytes, total)
    assert.equal(done.sha256, patternHash(9, total))
    assert.equal((await sending).bytes, total)
    return `blocked at ${(written / 1024).toFixed(0)} KiB`
  },
  push: async (a, b) => {
    for (const [x, y] of [[a, b], [b, a]]) {
      const { protocol } = await x.call('push')
      await y.event(e => e.event === 'identified' && e.peer === x.id && e.protocols.includes(protocol))
      assert.ok((await y.call('identify', { peer: x.id })).protocols.includes(protocol))
    }
  },
  many: async (a, b) => { // streams at once
    await Promise.all(Array.from({ length: 50 }, (_, i) => a.call('echo', { peer: b.id, bytes: 100_000, seed: i })))
  },
  errors: async (a, b) => {
    await assert.rejects(a.call('no-such-command'))
    await assert.rejects(a.call('ping', { peer: 'nonsense' }))
    const nobody = b.addr.replace(/\/tcp\/\d+/, '/tcp/1').replace(b.id, '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5')
    await assert.rejects(a.call('dial', { addr: nobody }))
  },
  close: async (a, b) => {
    await a.call('close', { peer: b.id })
    await a.event(e => e.event === 'disconnected' && e.peer === b.id)
    await b.event(e => e.event === 'disconnected' && e.peer === a.id)
    await assert.rejects(a.call('ping', { peer: b.id }))
    assert.equal((await a.call('dial', { addr: b.addr })).peer, b.id)
    await a.call('ping', { peer: b.id })
  },
  vanish: async (a, b) => { // the listener dies in the middle of everything, the dialer answers and lives on
    const from = a.events.length
    const lost = [a.call('sink', { peer: b.id, bytes: 64 * MIB }), a.call('slow-read', { peer: b.id, bytes: 64 * MIB })]
    await a.event(e => e.event === 'sink-progress' && e.state === 'blocked', from)
    b.child.kill('SIGKILL')
    for (const { status } of await Promise.allSettled(lost)) assert.equal(status, 'rejected')
    await a.event(e => e.event === 'disconnected' && e.peer === b.id, from)
    await assert.rejects(a.call('dial', { addr: b.addr }))
  }
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: {
  road: { type: 'string', multiple: true, default: ROADS },
  browser: { type: 'string' }
} })
const names = positionals.length > 0 ? positionals : Object.keys(PROGRAMS)
let failures = 0

async function step (title, run) {
  const start = Date.now()
  try {
    const note = await run()
    console.log(`ok    ${title} (${Date.now() - start} ms)${note == null ? '' : ` ${note}`}`)
  } catch (err) {
    failures++
    console.log(`FAIL  ${title} (${Date.now() - start} ms) ${err.message}`)
  }
}

async function meet (dialer, listener, on) {
  const title = `${on.name} ${dialer} -> ${listener}`
  const left = {}
  const steps = Object.entries(STEPS).filter(([name]) => on.name === FIRST || CORE.includes(name)).filter(([name]) => {
    const why = without(dialer, listener, true, on, name) ?? without(listener, dialer, false, on, name)
    if (why != null) (left[why] ??= []).push(name)
    return why == null
  })
  for (const [why, names] of Object.entries(left)) console.log(`      ${title} without ${names.join(', ')}: ${why}`)
  if (steps.length === 0) return
  const [a, b] = await Promise.all([Peer.start(dialer, ...on.flags), Peer.start(listener, ...on.flags)])
  for (const [name, run] of steps) await step(`${title} ${name}`, () => run(a, b, on))
  await Promise.all([a.stop(), b.stop()])
}

for (const name of names) {
  await step(`${name}: a seed gives the same peer id everywhere`, async () => {
    const peer = await Peer.start(name, ...road(FIRST).flags, '--seed', '01'.repeat(32))
    assert.equal(peer.id, '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5')
    await peer.stop()
  })
}
for (const name of values.road) {
  for (const dialer of names) {
    for (const listener of names) {
      if (name === 'pubsub') await meetInPubsub(Peer, step, road(FIRST).flags, dialer, listener)
      else await meet(dialer, listener, road(name))
    }
  }
}
if (values.browser != null) {
  for (const name of names) {
    await step(`a browser -> ${name} over ws`, async () => {
      const peer = await Peer.start(name, ...road('ws-noise-yamux').flags)
      try {
        const lines = execFileSync(process.execPath, [here('js/browser.mjs'), '--chromium', values.browser, peer.addr], { encoding: 'utf8' })
        const steps = lines.trim().split('\n').map(line => JSON.parse(line))
        assert.deepEqual(steps.map(s => s.step), ['browser', 'start', 'dial', 'ping', 'echo', 'hangup'])
        const [,, dialed, pinged, echoed] = steps
        assert.equal(dialed.peer, peer.id)
        assert.equal(pinged.rttMillis.length, 3)
        assert.ok(echoed.equal)
      } finally {
        await peer.stop()
      }
    })
  }
}
process.exit(failures === 0 ? 0 : 1)
