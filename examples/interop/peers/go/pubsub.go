package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
)

const (
	shownBytes   = 4096 // the longest payload that an event shows as a whole
	queueSize    = 4096 // messages that may wait for a peer, for validation, or for being told of
	initialDelay = 100 * time.Millisecond
)

// pubsubOptions is the argument of --pubsub; what is absent is as the library has it.
type pubsubOptions struct {
	Router                    string `json:"router"`
	Sign                      string `json:"sign"`
	MessageID                 string `json:"messageId"`
	Version                   string `json:"version"`
	Floodsub                  *bool  `json:"floodsub"`
	PX                        bool   `json:"px"`
	FloodPublish              *bool  `json:"floodPublish"`
	HeartbeatMillis           int    `json:"heartbeatMillis"`
	D                         *int   `json:"d"`
	DLow                      *int   `json:"dLow"`
	DHigh                     *int   `json:"dHigh"`
	DOut                      *int   `json:"dOut"`
	DLazy                     *int   `json:"dLazy"`
	PruneBackoffSeconds       int    `json:"pruneBackoffSeconds"`
	UnsubscribeBackoffSeconds int    `json:"unsubscribeBackoffSeconds"`
	IDontWantBytes            int    `json:"idontwantBytes"`
	MaxMessageBytes           int    `json:"maxMessageBytes"`
	TestExtension             bool   `json:"testExtension"`
	Partial                   bool   `json:"partial"`
}

func parsePubsub(text string) (*pubsubOptions, error) {
	o := &pubsubOptions{Router: "gossipsub", Sign: "strict"}
	if err := json.Unmarshal([]byte(text), o); err != nil {
		return nil, fmt.Errorf("--pubsub: %w", err)
	}
	if o.MessageID == "" {
		o.MessageID = "author-seqno"
		if o.Sign == "none" {
			o.MessageID = "data-sha256"
		}
	}
	return o, nil
}

// topics is this node's part in publishing and subscribing.
type topics struct {
	self     peer.ID
	pubsub   *pubsub.PubSub
	gossip   bool
	partials *partials // nil without

	joining sync.Mutex
	joined  map[string]*joinedTopic

	lock  sync.Mutex // taken on the library's loop, so never held while calling the library
	mesh  map[string]map[peer.ID]bool
	peers map[peer.ID]protocol.ID
}

type joinedTopic struct {
	topic *pubsub.Topic
	leave context.CancelFunc // nil while only published to
}

var versions = []protocol.ID{
	pubsub.GossipSubID_v13, pubsub.GossipSubID_v12, pubsub.GossipSubID_v11, pubsub.GossipSubID_v10,
}

func startPubsub(h host.Host, o *pubsubOptions) (*topics, error) {
	t := &topics{
		self:   h.ID(),
		gossip: o.Router == "gossipsub",
		joined: map[string]*joinedTopic{},
		mesh:   map[string]map[peer.ID]bool{},
		peers:  map[peer.ID]protocol.ID{},
	}
	opts, err := messageOptions(o)
	if err != nil {
		return nil, err
	}
	// Both are 32 by default, and what finds them full is lost.
	opts = append(opts, pubsub.WithPeerOutboundQueueSize(queueSize), pubsub.WithValidateQueueSize(queueSize))
	opts = append(opts, pubsub.WithRawTracer(&tracer{topics: t}),
		pubsub.WithAppSpecificRpcInspector(func(p peer.ID, rpc *pubsub.RPC) error {
			control("in", p, rpc.GetControl())
			return nil
		}))
	switch o.Router {
	case "gossipsub":
		gossip, err := gossipOptions(o)
		if err != nil {
			return nil, err
		}
		if o.Partial {
			t.partials = newPartials()
			gossip = append(gossip, pubsub.WithPartialMessagesExtension(t.partials.extension))
		}
		t.pubsub, err = pubsub.NewGossipSub(context.Background(), h, append(opts, gossip...)...)
		if err == nil && o.Partial {
			t.partials.start(t.pubsub)
		}
		return t, err
	case "floodsub":
		t.pubsub, err = pubsub.NewFloodSub(context.Background(), h, opts...)
		return t, err
	default:
		return nil, fmt.Errorf("unknown router %q", o.Router)
	}
}

// messageOptions are about messages, whatever routes them.
func messageOptions(o *pubsubOptions) ([]pubsub.Option, error) {
	var opts []pubsub.Option
	switch o.Sign {
	case "strict":
		opts = append(opts, pubsub.WithMessageSignaturePolicy(pubsub.StrictSign))
	case "author":
		opts = append(opts, pubsub.WithMessageSignaturePolicy(pubsub.StrictNoSign))
	case "none":
		opts = append(opts, pubsub.WithMessageSignaturePolicy(pubsub.StrictNoSign), pubsub.WithNoAuthor())
	default:
		return nil, fmt.Errorf("unknown sign %q", o.Sign)
	}
	switch o.MessageID {
	case "author-seqno": // what the library does by itself
	case "data-sha256":
		opts = append(opts, pubsub.WithMessageIdFn(func(m *pb.Message) string {
			digest := sha256.Sum256(m.GetData())
			return string(digest[:])
		}))
	default:
		return nil, fmt.Errorf("unknown messageId %q", o.MessageID)
	}
	if o.MaxMessageBytes > 0 {
		opts = append(opts, pubsub.WithMaxMessageSize(o.MaxMessageBytes))
	}
	return opts, nil
}

func gossipOptions(o *pubsubOptions) ([]pubsub.Option, error) {
	params := pubsub.DefaultGossipSubParams()
	params.HeartbeatInitialDelay = initialDelay
	if o.HeartbeatMillis > 0 {
		params.HeartbeatInterval = time.Duration(o.HeartbeatMillis) * time.Millisecond
	}
	for _, p := range []struct {
		from *int
		to   *int
	}{{o.D, &params.D}, {o.DLow, &params.Dlo}, {o.DHigh, &params.Dhi}, {o.DOut, &params.Dout}, {o.DLazy, &params.Dlazy}} {
		if p.from != nil {
			*p.to = *p.from
		}
	}
	params.Dscore = min(params.Dscore, params.D)
	if o.PruneBackoffSeconds > 0 {
		params.PruneBackoff = time.Duration(o.PruneBackoffSeconds) * time.Second
	}
	if o.UnsubscribeBackoffSeconds > 0 {
		params.UnsubscribeBackoff = time.Duration(o.UnsubscribeBackoffSeconds) * time.Second
	}
	if o.IDontWantBytes > 0 {
		params.IDontWantMessageThreshold = o.IDontWantBytes
	}
	protocols := slices.Clone(versions)
	if o.Version != "" {
		first := slices.Index(protocols, protocol.ID("/meshsub/"+o.Version+".0"))
		if first < 0 {
			return nil, fmt.Errorf("no version %q", o.Version)
		}
		protocols = protocols[first:]
	}
	if o.Floodsub == nil || *o.Floodsub {
		protocols = append(protocols, pubsub.FloodSubID)
	}
	opts := []pubsub.Option{
		pubsub.WithGossipSubParams(params),
		pubsub.WithGossipSubProtocols(protocols, pubsub.GossipSubDefaultFeatures),
		pubsub.WithPeerExchange(o.PX),
	}
	if o.FloodPublish != nil {
		opts = append(opts, pubsub.WithFloodPublish(*o.FloodPublish))
	}
	if o.TestExtension {
		opts = append(opts, pubsub.WithTestExtension(pubsub.TestExtensionConfig{
			OnReceiveTestExtension: func(from peer.ID) { emit("test-extension", fields{"peer": from.String()}) },
		}))
	}
	return opts, nil
}

func (n *node) topicsOrError() (*topics, error) {
	if n.topics == nil {
		return nil, errors.New("started without --pubsub")
	}
	return n.topics, nil
}

// join returns the topic, with the lock joining held.
func (t *topics) join(name string, options ...pubsub.TopicOpt) (*joinedTopic, error) {
	if joined := t.joined[name]; joined != nil {
		return joined, nil
	}
	topic, err := t.pubsub.Join(name, options...)
	if err != nil {
		return nil, err
	}
	events, err := topic.EventHandler()
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			e, err := events.NextPeerEvent(context.Background())
			if err != nil {
				return
			}
			kind := "subscribed"
			if e.Type == pubsub.PeerLeave {
				kind = "unsubscribed"
			}
			emit(kind, fields{"peer": e.Peer.String(), "topic": name})
		}
	}()
	joined := &joinedTopic{topic: topic}
	t.joined[name] = joined
	return joined, nil
}

func subscribe(_ context.Context, n *node, c command) (fields, error) {
	t, err := n.topicsOrError()
	if err != nil {
		return nil, err
	}
	options, err := topicOptions(c.Partial)
	if err != nil {
		return nil, err
	}
	t.joining.Lock()
	defer t.joining.Unlock()
	joined, err := t.join(c.Topic, options...)
	if err != nil {
		return nil, err
	}
	if joined.leave != nil {
		return nil, fmt.Errorf("already subscribed to %q", c.Topic)
	}
	subscription, err := joined.topic.Subscribe(pubsub.WithBufferSize(queueSize))
	if err != nil {
		return nil, err
	}
	joined.leave = subscription.Cancel
	go func() {
		for {
			m, err := subscription.Next(context.Background())
			if err != nil {
				return
			}
			if m.ReceivedFrom != t.self {
				emit("message", messageFields(m))
			}
		}
	}()
	return nil, nil
}

func messageFields(m *pubsub.Message) fields {
	f := fields{
		"topic":  m.GetTopic(),
		"from":   nil,
		"seqno":  nil,
		"source": m.ReceivedFrom.String(),
		"bytes":  len(m.Data),
		"id":     hex.EncodeToString([]byte(m.ID)),
	}
	if m.From != nil {
		f["from"] = m.GetFrom().String()
	}
	if len(m.Seqno) == 8 {
		f["seqno"] = strconv.FormatUint(binary.BigEndian.Uint64(m.Seqno), 10)
	}
	digest := sha256.Sum256(m.Data)
	f["sha256"] = hex.EncodeToString(digest[:])
	if len(m.Data) <= shownBytes {
		f["data"] = base64.StdEncoding.EncodeToString(m.Data)
	}
	return f
}

func unsubscribe(_ context.Context, n *node, c command) (fields, error) {
	t, err := n.topicsOrError()
	if err != nil {
		return nil, err
	}
	t.joining.Lock()
	defer t.joining.Unlock()
	joined := t.joined[c.Topic]
	if joined == nil || joined.leave == nil {
		return nil, fmt.Errorf("not subscribed to %q", c.Topic)
	}
	joined.leave()
	joined.leave = nil
	return nil, nil
}

// payload is what the command publishes the i-th time.
func (c command) payload(i int) ([]byte, error) {
	switch {
	case c.Data != "":
		return base64.StdEncoding.DecodeString(c.Data)
	case c.Text != "" && c.Count > 1:
		return []byte(c.Text + strconv.Itoa(i)), nil
	case c.Text != "":
		return []byte(c.Text), nil
	default:
		payload := make([]byte, c.Bytes)
		newPattern(c.Seed + uint32(i)).fill(payload)
		return payload, nil
	}
}

func publish(ctx context.Context, n *node, c command) (fields, error) {
	t, err := n.topicsOrError()
	if err != nil {
		return nil, err
	}
	t.joining.Lock()
	joined, err := t.join(c.Topic)
	t.joining.Unlock()
	if err != nil {
		return nil, err
	}
	start := time.Now()
	for i := range c.Count {
		payload, err := c.payload(i)
		if err != nil {
			return nil, err
		}
		time.Sleep(time.Until(start.Add(time.Duration(i*c.IntervalMicros) * time.Microsecond)))
		if err := joined.topic.Publish(ctx, payload); err != nil {
			return nil, fmt.Errorf("after %d: %w", i, err)
		}
	}
	return fields{"published": c.Count}, nil
}

func topicPeers(_ context.Context, n *node, c command) (fields, error) {
	t, err := n.topicsOrError()
	if err != nil {
		return nil, err
	}
	return fields{"peers": peerTexts(t.pubsub.ListPeers(c.Topic))}, nil
}

func meshPeers(_ context.Context, n *node, c command) (fields, error) {
	t, err := n.topicsOrError()
	if err != nil {
		return nil, err
	}
	if !t.gossip {
		return nil, errors.New("floodsub has no mesh")
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	list := []string{}
	for p := range t.mesh[c.Topic] {
		list = append(list, p.String())
	}
	return fields{"peers": list}, nil
}

func pubsubPeers(_ context.Context, n *node, _ command) (fields, error) {
	t, err := n.topicsOrError()
	if err != nil {
		return nil, err
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	list := []fields{}
	for p, id := range t.peers {
		list = append(list, fields{"peer": p.String(), "protocol": id})
	}
	return fields{"peers": list}, nil
}

func peerTexts(peers []peer.ID) []string {
	list := make([]string, 0, len(peers))
	for _, p := range peers {
		list = append(list, p.String())
	}
	return list
}

// tracer tells what happens inside the library; it is called on the library's own loop.
type tracer struct {
	*topics
}

func (t *tracer) OnNewOutboundStream(p peer.ID, id protocol.ID) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.peers[p] = id
}

func (t *tracer) OnClosedOutboundStream(p peer.ID) {
	t.lock.Lock()
	defer t.lock.Unlock()
	delete(t.peers, p)
	for _, peers := range t.mesh {
		delete(peers, p)
	}
}

func (t *tracer) Graft(p peer.ID, topic string) {
	t.lock.Lock()
	if t.mesh[topic] == nil {
		t.mesh[topic] = map[peer.ID]bool{}
	}
	t.mesh[topic][p] = true
	t.lock.Unlock()
	emit("grafted", fields{"peer": p.String(), "topic": topic})
}

func (t *tracer) Prune(p peer.ID, topic string) {
	t.lock.Lock()
	delete(t.mesh[topic], p)
	t.lock.Unlock()
	emit("pruned", fields{"peer": p.String(), "topic": topic})
}

func (t *tracer) Leave(topic string) {
	t.lock.Lock()
	defer t.lock.Unlock()
	delete(t.mesh, topic)
}

// RecvRPC could not say who sent it; an inspector can.
func (t *tracer) RecvRPC(*pubsub.RPC)                {}
func (t *tracer) SendRPC(rpc *pubsub.RPC, p peer.ID) { control("out", p, rpc.GetControl()) }

// control tells of the control messages of one RPC, if it has any.
func control(direction string, p peer.ID, c *pb.ControlMessage) {
	if c == nil || c.Size() == 0 {
		return
	}
	ihave, iwant, idontwant := 0, 0, 0
	for _, m := range c.GetIhave() {
		ihave += len(m.GetMessageIDs())
	}
	for _, m := range c.GetIwant() {
		iwant += len(m.GetMessageIDs())
	}
	for _, m := range c.GetIdontwant() {
		idontwant += len(m.GetMessageIDs())
	}
	graft, prune := []string{}, []fields{}
	for _, m := range c.GetGraft() {
		graft = append(graft, m.GetTopicID())
	}
	for _, m := range c.GetPrune() {
		records := 0
		for _, exchanged := range m.GetPeers() {
			if len(exchanged.GetSignedPeerRecord()) > 0 {
				records++
			}
		}
		prune = append(prune, fields{
			"topic": m.GetTopicID(), "peers": len(m.GetPeers()), "records": records, "backoff": m.GetBackoff(),
		})
	}
	emit("control", fields{
		"peer": p.String(), "direction": direction, "ihave": ihave, "iwant": iwant, "idontwant": idontwant,
		"graft": graft, "prune": prune, "extensions": c.GetExtensions() != nil,
	})
}

func (t *tracer) Join(string)                           {}
func (t *tracer) ValidateMessage(*pubsub.Message)       {}
func (t *tracer) DeliverMessage(*pubsub.Message)        {}
func (t *tracer) RejectMessage(*pubsub.Message, string) {}
func (t *tracer) DuplicateMessage(*pubsub.Message)      {}
func (t *tracer) ThrottlePeer(peer.ID)                  {}
func (t *tracer) DropRPC(*pubsub.RPC, peer.ID)          {}
func (t *tracer) UndeliverableMessage(*pubsub.Message)  {}
