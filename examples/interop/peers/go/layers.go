package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/security/insecure"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	libp2ptls "github.com/libp2p/go-libp2p/p2p/security/tls"
	quic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/libp2p/go-libp2p/p2p/transport/websocket"
)

// layers are the transports, secure channels, muxers and the private network that the flags ask for.
func layers(o options) ([]libp2p.Option, error) {
	webSocket, err := webSocket(o)
	if err != nil {
		return nil, err
	}
	chosen := map[string]map[string]libp2p.Option{
		"security": {
			"noise":     libp2p.Security(noise.ID, noise.New),
			"tls":       libp2p.Security(libp2ptls.ID, libp2ptls.New),
			"plaintext": libp2p.Security(insecure.ID, insecure.NewWithIdentity),
		},
		"muxer": {"yamux": libp2p.Muxer(yamux.ID, yamux.DefaultTransport)},
		"transport": {
			// A dial from the listening port could meet a dial of the other side and become one connection without
			// a server.
			"tcp":     libp2p.Transport(tcp.NewTCPTransport, tcp.DisableReuseport()),
			"ws":      webSocket,
			"wss":     webSocket,
			"quic-v1": libp2p.Transport(quic.NewTransport),
		},
	}
	var opts []libp2p.Option
	for kind, names := range map[string][]string{"security": o.security, "muxer": o.muxers, "transport": o.transports} {
		for _, name := range names {
			opt, known := chosen[kind][name]
			if !known {
				return nil, fmt.Errorf("unknown %s %q", kind, name)
			}
			opts = append(opts, opt)
		}
	}
	if o.network != nil {
		opts = append(opts, libp2p.PrivateNetwork(o.network))
	}
	return opts, nil
}

// webSocket is the transport for ws and wss.
func webSocket(o options) (libp2p.Option, error) {
	var opts []any
	if o.tlsCert != "" {
		certificate, err := tls.LoadX509KeyPair(o.tlsCert, o.tlsKey)
		if err != nil {
			return nil, err
		}
		opts = append(opts, websocket.WithTLSConfig(&tls.Config{Certificates: []tls.Certificate{certificate}}))
	}
	if o.tlsCA != "" {
		pem, err := os.ReadFile(o.tlsCA)
		if err != nil {
			return nil, err
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("no certificate in %s", o.tlsCA)
		}
		opts = append(opts, websocket.WithTLSClientConfig(&tls.Config{RootCAs: roots}))
	}
	return libp2p.Transport(websocket.New, opts...), nil
}
