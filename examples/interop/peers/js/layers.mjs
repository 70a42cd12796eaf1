/* The transports, secure channels, muxers and the private network that the flags ask for. */
import { readFileSync } from 'node:fs'
import { quic } from '@chainsafe/libp2p-quic'
import { mplex } from '@libp2p/mplex'
import { noise } from '@libp2p/noise'
import { plaintext } from '@libp2p/plaintext'
import { preSharedKey } from '@libp2p/pnet'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { WebSocket as WsWebSocket } from 'ws'

const IDLE_MILLIS = 3_600_000

function choose (kind, names, choices) {
  return [...new Set(names.split(',').map(name => {
    if (choices[name] == null) throw new Error(`unknown ${kind} "${name}"`)
    return choices[name]
  }))].map(create => create())
}

/** The transport for ws and wss. Node has a WebSocket of its own since 22, and no way to tell it whom to trust. */
function webSocket (flags) {
  const ca = flags['tls-ca'] == null ? undefined : readFileSync(flags['tls-ca'])
  if (ca != null || globalThis.WebSocket == null) {
    globalThis.WebSocket = class extends WsWebSocket {
      constructor (uri) {
        super(uri, { ca })
        // A message that comes together with the answer to the upgrade must find a listener.
        this.once('open', () => {
          this.pause()
          setImmediate(() => this.resume())
        })
      }
    }
  }
  const https = flags['tls-cert'] == null
    ? undefined
    : { cert: readFileSync(flags['tls-cert']), key: readFileSync(flags['tls-key']) }
  return webSockets({ https })
}

/** Without the limit that ends a connection on its sixth new stream within a second. */
const overMplex = () => mplex({ disconnectThreshold: 100_000 })

/** Notes of each secured connection whether its handshake agreed on the muxer. */
function watched (createEncrypter, early) {
  return components => {
    const encrypter = createEncrypter(components)
    for (const secure of ['secureInbound', 'secureOutbound']) {
      const original = encrypter[secure].bind(encrypter)
      encrypter[secure] = async (...args) => {
        const secured = await original(...args)
        early.set(secured.remotePeer.toString(), secured.streamMuxer != null)
        return secured
      }
    }
    return encrypter
  }
}

export function layers (flags) {
  const early = new Map() // by peer: of the last connection that was secured
  const overWebSocket = () => webSocket(flags)
  return {
    transports: choose('transport', flags.transports, {
      tcp: () => tcp({ inboundSocketInactivityTimeout: IDLE_MILLIS, outboundSocketInactivityTimeout: IDLE_MILLIS }),
      ws: overWebSocket,
      wss: overWebSocket,
      'quic-v1': () => quic()
    }),
    connectionEncrypters: choose('security', flags.security, { noise, tls, plaintext })
      .map(create => watched(create, early)),
    streamMuxers: choose('muxer', flags.muxer, { yamux, mplex: overMplex }),
    ...(flags.pnet == null ? {} : { connectionProtector: preSharedKey({ psk: readFileSync(flags.pnet) }) }),
    negotiatedEarly: connection => connection.encryption !== 'native' && early.get(connection.remotePeer.toString()) === true
  }
}
