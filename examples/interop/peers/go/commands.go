package main

import (
	"context"
	"fmt"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
)

// command is one line from stdin; each command reads the fields that it knows.
type command struct {
	ID            any    `json:"id"`
	Cmd           string `json:"cmd"`
	Addr          string `json:"addr"`
	Peer          string `json:"peer"`
	Count         int    `json:"count"`
	Bytes         uint64 `json:"bytes"`
	Seed          uint32 `json:"seed"`
	MaxChunk      uint32 `json:"maxChunk"`
	Upload        uint64 `json:"upload"`
	Download      uint64 `json:"download"`
	PauseMillis   int    `json:"pauseMillis"`
	TimeoutMillis int    `json:"timeoutMillis"`

	Topic          string `json:"topic"`
	Data           string `json:"data"`
	Text           string `json:"text"`
	IntervalMicros int    `json:"intervalMicros"`
	Partial        string `json:"partial"`
	Group          uint64 `json:"group"`
	Parts          byte   `json:"parts"`
}

func defaults() command {
	return command{Count: 1, Seed: 1, MaxChunk: 65536, PauseMillis: 1000, TimeoutMillis: 30_000}
}

var commands = map[string]func(context.Context, *node, command) (fields, error){
	"dial":            dial,
	"close":           closePeer,
	"ping":            pingPeer,
	"identify":        identify,
	"push":            push,
	"echo":            echo,
	"halfclose":       halfClose,
	"reset":           reset,
	"reset-me":        resetMe,
	"perf":            perf,
	"slow-read":       slowRead,
	"sink":            sink,
	"sink-resume":     sinkResume,
	"subscribe":       subscribe,
	"unsubscribe":     unsubscribe,
	"publish":         publish,
	"partial-publish": partialPublish,
	"topic-peers":     topicPeers,
	"mesh-peers":      meshPeers,
	"pubsub-peers":    pubsubPeers,
	"stop":            func(context.Context, *node, command) (fields, error) { return nil, nil },
}

// target is the peer that a command names, connected to when it comes as an address.
func (n *node) target(ctx context.Context, c command) (peer.ID, error) {
	if c.Addr != "" {
		return n.connect(ctx, c.Addr)
	}
	p, err := peer.Decode(c.Peer)
	if err == nil && n.host.Network().Connectedness(p) != network.Connected {
		err = fmt.Errorf("not connected to %s", p)
	}
	return p, err
}

func (n *node) open(ctx context.Context, c command, id protocol.ID) (network.Stream, error) {
	p, err := n.target(ctx, c)
	if err != nil {
		return nil, err
	}
	s, err := n.host.NewStream(ctx, p, id)
	if err != nil {
		return nil, err
	}
	deadline, _ := ctx.Deadline()
	return s, s.SetDeadline(deadline)
}

func dial(ctx context.Context, n *node, c command) (fields, error) {
	p, err := n.connect(ctx, c.Addr)
	return fields{"peer": p.String()}, err
}

func closePeer(_ context.Context, n *node, c command) (fields, error) {
	p, err := peer.Decode(c.Peer)
	if err != nil {
		return nil, err
	}
	return nil, n.host.Network().ClosePeer(p)
}

func pingPeer(ctx context.Context, n *node, c command) (fields, error) {
	p, err := n.target(ctx, c)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rtts := []int64{}
	for r := range ping.Ping(ctx, n.host, p) {
		if r.Error != nil {
			return nil, r.Error
		}
		rtts = append(rtts, r.RTT.Microseconds())
		if len(rtts) == c.Count {
			return fields{"rttMicros": rtts}, nil
		}
	}
	return nil, fmt.Errorf("%d of %d pings: %w", len(rtts), c.Count, context.Cause(ctx))
}

func identify(ctx context.Context, n *node, c command) (fields, error) {
	p, err := n.target(ctx, c)
	if err != nil {
		return nil, err
	}
	return n.awaitIdentified(ctx, p)
}

// push changes the own protocol list, which go-libp2p pushes to every peer by itself.
func push(_ context.Context, n *node, _ command) (fields, error) {
	n.lock.Lock()
	n.pushes++
	id := protocol.ID(fmt.Sprintf("/interop/pushed/%d", n.pushes))
	n.lock.Unlock()
	n.host.SetStreamHandler(id, func(s network.Stream) { s.Reset() })
	return fields{"protocol": id}, nil
}

func sinkResume(_ context.Context, n *node, _ command) (fields, error) {
	n.lock.Lock()
	waiting := n.sinks
	n.sinks = nil
	n.lock.Unlock()
	for _, resume := range waiting {
		close(resume)
	}
	return fields{"resumed": len(waiting)}, nil
}

func sleep(ctx context.Context, millis int) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Duration(millis) * time.Millisecond):
	}
}
