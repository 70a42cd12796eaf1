#!/usr/bin/env node
/*
 * A js-libp2p node that a test drives over its pipes: commands come in on stdin and events go out on stdout, one JSON
 * object per line. ../README.md defines the lines.
 */
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { describe, emit } from './lines.mjs'

// js-libp2p 3 uses Promise.withResolvers, which came with Node 22.
Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new this((a, b) => { resolve = a; reject = b })
  return { promise, resolve, reject }
}

const { values: flags } = parseArgs({
  options: {
    listen: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string' },
    security: { type: 'string', default: 'noise' },
    muxer: { type: 'string', default: 'yamux' },
    transports: { type: 'string', default: 'tcp' },
    pnet: { type: 'string' },
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    'tls-ca': { type: 'string' },
    pubsub: { type: 'string' },
    'time-limit': { type: 'string', default: '300' }
  }
})

setTimeout(() => {
  console.error('time limit reached')
  process.exit(3)
}, Number(flags['time-limit']) * 1000).unref()

// What fails beside a command that already failed must not end the process.
process.on('unhandledRejection', err => console.error(err))

let run
try {
  const { createNode, watch } = await import('./node.mjs')
  const { serve } = await import('./serve.mjs')
  const { commands, DEFAULTS } = await import('./commands.mjs')
  const { pubsubCommands, watchPubsub } = await import('./pubsub.mjs')
  const { node, negotiatedEarly } = await createNode(flags)
  const identifiedOf = watch(node, negotiatedEarly)
  if (flags.pubsub != null) watchPubsub(node.services.pubsub)
  const table = { ...commands(node, identifiedOf, await serve(node)), ...pubsubCommands(node.services.pubsub) }
  await node.start()
  emit('listening', { peerId: node.peerId.toString(), addresses: node.getMultiaddrs().map(String) })

  run = async (line) => {
    let c = {}
    try {
      c = { ...DEFAULTS, timeoutMillis: 30_000, ...JSON.parse(line) }
      if (!Object.hasOwn(table, c.cmd)) throw new Error(`unknown command "${c.cmd}"`)
      const fields = await table[c.cmd](c, AbortSignal.timeout(c.timeoutMillis))
      emit('reply', { id: c.id, ok: true, ...fields })
    } catch (err) {
      emit('reply', { id: c.id ?? null, ok: false, error: describe(err) })
    }
    if (c.cmd === 'stop') process.exit(0)
  }
} catch (err) {
  console.error(err)
  process.exit(2)
}

const lines = createInterface({ input: process.stdin })
lines.on('line', line => { if (line.trim() !== '') run(line) })
lines.on('close', () => process.exit(0))
