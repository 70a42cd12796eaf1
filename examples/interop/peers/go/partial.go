package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math/bits"
	"os"
	"sync"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/libp2p/go-libp2p-pubsub/partialmessages"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/peer"
)

const (
	partCount = 8
	partBytes = 1024
	groupSize = 8
)

// partialState is what a peer and this node told each other of a group, a bit for each part.
type partialState struct {
	told, said       byte
	hasTold, hasSaid bool
}

type groupKey struct {
	topic string
	group uint64
}

// partials are the messages that are under way in parts, each of 8 parts of known bytes, so that a bit says all of a part.
type partials struct {
	extension *partialmessages.PartialMessagesExtension[partialState]
	pubsub    *pubsub.PubSub
	publishes chan groupKey // the library must not be called from what it calls

	lock sync.Mutex
	has  map[groupKey]byte
}

func newPartials() *partials {
	p := &partials{publishes: make(chan groupKey, queueSize), has: map[groupKey]byte{}}
	p.extension = &partialmessages.PartialMessagesExtension[partialState]{
		Logger:        slog.New(slog.NewTextHandler(os.Stderr, nil)),
		OnIncomingRPC: p.incoming,
		OnEmitGossip: func(topic string, group []byte, _ []peer.ID, _ map[peer.ID]partialState) {
			p.publishLater(groupKey{topic, binary.BigEndian.Uint64(group)})
		},
	}
	return p
}

func (p *partials) start(ps *pubsub.PubSub) {
	p.pubsub = ps
	go func() {
		for key := range p.publishes {
			if err := p.publish(key); err != nil {
				fmt.Fprintln(os.Stderr, "partial publish:", err)
			}
		}
	}()
}

func (p *partials) publishLater(key groupKey) {
	select {
	case p.publishes <- key:
	default:
		fmt.Fprintln(os.Stderr, "partial publish: the queue is full")
	}
}

func (p *partials) publish(key groupKey) error {
	return pubsub.PublishPartial(p.pubsub, key.topic, key.id(), func(states map[peer.ID]partialState, requests func(peer.ID) bool) iter.Seq2[peer.ID, partialmessages.PublishAction] {
		p.lock.Lock()
		has := p.has[key]
		p.lock.Unlock()
		return func(yield func(peer.ID, partialmessages.PublishAction) bool) {
			for to, state := range states {
				var action partialmessages.PublishAction
				if lacks := has &^ state.told; requests(to) && state.hasTold && lacks != 0 {
					action.EncodedPartialMessage = key.encode(lacks)
					state.told |= has
				}
				if !state.hasSaid || state.said != has {
					action.EncodedPartsMetadata = []byte{has}
					state.hasSaid, state.said = true, has
				}
				states[to] = state
				if !yield(to, action) {
					return
				}
			}
		}
	})
}

// incoming is called on the library's own loop.
func (p *partials) incoming(from peer.ID, states map[peer.ID]partialState, rpc *pb.PartialMessagesExtension) error {
	if len(rpc.GroupID) != groupSize {
		return fmt.Errorf("a group of %d bytes", len(rpc.GroupID))
	}
	key := groupKey{rpc.GetTopicID(), binary.BigEndian.Uint64(rpc.GroupID)}
	state := states[from]
	event := fields{"peer": from.String(), "topic": key.topic, "group": key.group, "parts": 0, "metadata": nil}
	if len(rpc.PartialMessage) > 0 {
		parts, err := key.decode(rpc.PartialMessage)
		if err != nil {
			return err
		}
		event["parts"] = parts
		state.told |= parts
		p.add(key, parts)
	}
	if len(rpc.PartsMetadata) > 0 {
		event["metadata"] = rpc.PartsMetadata[0]
		state.told |= rpc.PartsMetadata[0]
		state.hasTold = true
	}
	states[from] = state
	emit("partial", event)
	p.publishLater(key)
	return nil
}

// add tells once when nothing is missing any more.
func (p *partials) add(key groupKey, parts byte) {
	p.lock.Lock()
	before := p.has[key]
	p.has[key] = before | parts
	p.lock.Unlock()
	if before != 0xff && before|parts == 0xff {
		emit("partial-complete", fields{"topic": key.topic, "group": key.group})
	}
}

func (k groupKey) id() []byte {
	return binary.BigEndian.AppendUint64(nil, k.group)
}

// encode writes those parts, of which each counts on from the one before.
func (k groupKey) encode(parts byte) []byte {
	out := append(make([]byte, 0, 1+partBytes*bits.OnesCount8(parts)+groupSize), parts)
	for part := range partCount {
		if parts&(1<<part) != 0 {
			for i := range partBytes / 8 {
				out = binary.BigEndian.AppendUint64(out, k.group+uint64(part*partBytes/8+i))
			}
		}
	}
	return append(out, k.id()...)
}

// decode returns which parts these are, if they are right.
func (k groupKey) decode(message []byte) (byte, error) {
	if !bytes.Equal(message, k.encode(message[0])) {
		return 0, fmt.Errorf("%d bytes that are not parts of group %d", len(message), k.group)
	}
	return message[0], nil
}

func topicOptions(partial string) ([]pubsub.TopicOpt, error) {
	switch partial {
	case "":
		return nil, nil
	case "requests":
		return []pubsub.TopicOpt{pubsub.RequestPartialMessages()}, nil
	case "sends":
		return []pubsub.TopicOpt{pubsub.SupportsPartialMessages()}, nil
	default:
		return nil, fmt.Errorf("unknown partial %q", partial)
	}
}

func partialPublish(_ context.Context, n *node, c command) (fields, error) {
	t, err := n.topicsOrError()
	if err != nil {
		return nil, err
	}
	if t.partials == nil {
		return nil, errors.New("started without partial")
	}
	key := groupKey{c.Topic, c.Group}
	t.partials.add(key, c.Parts)
	return nil, t.partials.publish(key)
}
