#!/usr/bin/env node
/*
 * A js-libp2p node inside a headless Chromium dials an address, pings and echoes. The page is bundled on each start.
 *
 *   node browser.mjs [--chromium PATH] [--pings N] [--echo BYTES] MULTIADDR...
 *
 * Prints one JSON object per step, with "step" and "ok", and exits with 0 when every step worked.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'

const LAUNCH_MILLIS = 60_000
const { values: flags, positionals: addresses } = parseArgs({
  allowPositionals: true,
  options: {
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    pings: { type: 'string', default: '3' },
    echo: { type: 'string', default: '1048576' }
  }
})

let failed = false
function print (step, fields) {
  failed ||= !fields.ok
  console.log(JSON.stringify({ step, ...fields }))
  return fields.ok
}

async function bundle () {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('browser/page.mjs', import.meta.url))],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'chrome120',
    define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'error'
  })
  return outputFiles[0].text
}

/** Serves the page on loopback, whose pages a browser trusts with Web Crypto. */
async function serve (script) {
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<!doctype html><title>peer</title><script src="/page.js"></script>')
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return server
}

const profile = mkdtempSync(join(tmpdir(), 'browser-peer-'))
let server, browser
try {
  server = await serve(await bundle())
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: flags.chromium,
    headless: true,
    timeout: LAUNCH_MILLIS,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  })
  const page = await browser.newPage()
  page.on('pageerror', err => console.error(err))
  page.on('console', message => console.error(message.text()))
  await page.goto(`http://127.0.0.1:${server.address().port}/`)
  print('browser', { ok: true, agent: await page.evaluate(() => navigator.userAgent) })
  const step = async (name, args = {}) => print(name, await page.evaluate(([name, args]) => window.peer(name, args), [name, args]))
  await step('start')
  for (const addr of addresses) {
    if (!await step('dial', { addr })) continue
    await step('ping', { addr, count: Number(flags.pings) })
    await step('echo', { addr, bytes: Number(flags.echo) })
    await step('hangup')
  }
} catch (err) {
  print('error', { ok: false, error: String(err) })
} finally {
  await browser?.close()
  server?.close()
  rmSync(profile, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)
