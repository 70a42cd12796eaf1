package main

import (
	"bytes"
	"context"
	"maps"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/connmgr"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	ma "github.com/multiformats/go-multiaddr"
	"go.uber.org/fx"
)

const identifyGrace = 2 * time.Second

type node struct {
	host   host.Host
	topics *topics // nil without --pubsub

	lock       sync.Mutex
	changed    chan struct{} // closed and replaced whenever identified changes
	identified map[peer.ID]fields
	pushes     int
	sinks      []chan struct{} // one for each sink stream that waits for sink-resume
}

func startNode(o options) (*node, error) {
	opts := []libp2p.Option{
		libp2p.ListenAddrStrings(o.listen...),
		libp2p.ResourceManager(&network.NullResourceManager{}),
		libp2p.ConnectionManager(connmgr.NullConnMgr{}),
		libp2p.ProtocolVersion("ipfs/0.1.0"), // the default is to send none
		libp2p.DisableRelay(),
		libp2p.DisableMetrics(),
	}
	if o.seed != nil {
		key, _, err := crypto.GenerateEd25519Key(bytes.NewReader(o.seed))
		if err != nil {
			return nil, err
		}
		opts = append(opts, libp2p.Identity(key))
	}
	layers, err := layers(o)
	if err != nil {
		return nil, err
	}
	opts = append(opts, layers...)
	if len(o.listen) == 0 {
		opts = append(opts, libp2p.NoListenAddrs)
	}
	n := &node{changed: make(chan struct{}), identified: map[peer.ID]fields{}}
	// Before the host starts, because the first identify messages name only what is served by then.
	opts = append(opts, libp2p.WithFxOption(fx.Invoke(func(h host.Host) error {
		n.host = h
		n.serve()
		if o.pubsub != nil {
			var err error
			if n.topics, err = startPubsub(h, o.pubsub); err != nil {
				return err
			}
		}
		return n.watch()
	})))
	_, err = libp2p.New(opts...)
	return n, err
}

func (n *node) watch() error {
	sub, err := n.host.EventBus().Subscribe(new(event.EvtPeerIdentificationCompleted))
	if err != nil {
		return err
	}
	go func() {
		for e := range sub.Out() {
			n.onIdentified(e.(event.EvtPeerIdentificationCompleted))
		}
	}()
	n.host.Network().Notify(&network.NotifyBundle{
		ConnectedF: func(_ network.Network, c network.Conn) {
			direction := "inbound"
			if c.Stat().Direction == network.DirOutbound {
				direction = "outbound"
			}
			state := c.ConnState()
			emit("connected", fields{
				"peer":       c.RemotePeer().String(),
				"direction":  direction,
				"address":    c.RemoteMultiaddr().String(),
				"security":   string(state.Security),
				"muxer":      string(state.StreamMultiplexer),
				"earlyMuxer": state.UsedEarlyMuxerNegotiation,
			})
		},
		DisconnectedF: func(net network.Network, c network.Conn) {
			if net.Connectedness(c.RemotePeer()) == network.NotConnected {
				n.lock.Lock()
				delete(n.identified, c.RemotePeer())
				n.lock.Unlock()
			}
			emit("disconnected", fields{"peer": c.RemotePeer().String()})
		},
	})
	return nil
}

func (n *node) onIdentified(e event.EvtPeerIdentificationCompleted) {
	observed := ""
	if e.ObservedAddr != nil {
		observed = e.ObservedAddr.String()
	}
	f := fields{
		"peer":             e.Peer.String(),
		"protocolVersion":  e.ProtocolVersion,
		"agentVersion":     e.AgentVersion,
		"protocols":        protocol.ConvertToStrings(e.Protocols),
		"listenAddrs":      texts(e.ListenAddrs),
		"observedAddr":     observed,
		"signedPeerRecord": fields{"present": e.SignedPeerRecord != nil, "valid": e.SignedPeerRecord != nil},
	}
	n.lock.Lock()
	n.identified[e.Peer] = merge(n.identified[e.Peer], f)
	close(n.changed)
	n.changed = make(chan struct{})
	n.lock.Unlock()
	emit("identified", f)
}

// merge keeps what a later message leaves out: a push need not carry every field.
func merge(before, after fields) fields {
	merged := maps.Clone(after)
	for k, v := range before {
		switch said := after[k].(type) {
		case string:
			if said == "" {
				merged[k] = v
			}
		case []string:
			if len(said) == 0 {
				merged[k] = v
			}
		case fields:
			if said["present"] == false {
				merged[k] = v
			}
		}
	}
	return merged
}

// awaitIdentified returns what identify and later pushes of a connected peer said. A push that came before the answer
// to identify lacks the observed address, so that address is waited for a little longer.
func (n *node) awaitIdentified(ctx context.Context, p peer.ID) (fields, error) {
	longer := time.After(identifyGrace)
	for {
		n.lock.Lock()
		f, changed := n.identified[p], n.changed
		n.lock.Unlock()
		if f != nil && (f["observedAddr"] != "" || longer == nil) {
			return f, nil
		}
		select {
		case <-changed:
		case <-longer:
			longer = nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// connect makes sure that there is a connection to the peer of a full address.
func (n *node) connect(ctx context.Context, addr string) (peer.ID, error) {
	info, err := peer.AddrInfoFromString(addr)
	if err != nil {
		return "", err
	}
	if s, ok := n.host.Network().(*swarm.Swarm); ok {
		s.Backoff().Clear(info.ID) // an earlier failure must not decide this dial
	}
	return info.ID, n.host.Connect(ctx, *info)
}

func (n *node) fullAddrs() []string {
	full := []string{}
	for _, a := range n.host.Network().ListenAddresses() {
		full = append(full, a.String()+"/p2p/"+n.host.ID().String())
	}
	return full
}

func texts(addrs []ma.Multiaddr) []string {
	list := make([]string, 0, len(addrs))
	for _, a := range addrs {
		list = append(list, a.String())
	}
	return list
}
