// Command gopeer is a go-libp2p node that a test drives over its pipes: commands come in on stdin and events go out
// on stdout, one JSON object per line. ../README.md defines the lines.
package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p/core/pnet"
)

type options struct {
	listen     []string
	seed       []byte
	security   []string
	muxers     []string
	transports []string
	network    []byte // the key of the private network, or nil
	tlsCert    string
	tlsKey     string
	tlsCA      string
	limit      time.Duration
	pubsub     *pubsubOptions // nil without
}

func parseOptions() (options, error) {
	var o options
	flag.Func("listen", "multiaddr to listen on (repeatable)", func(s string) error {
		o.listen = append(o.listen, s)
		return nil
	})
	seed := flag.String("seed", "", "32 byte Ed25519 seed in hex, for a fixed peer id")
	security := flag.String("security", "noise", "noise,tls,plaintext in order of preference")
	muxers := flag.String("muxer", "yamux", "yamux")
	transports := flag.String("transports", "tcp", "tcp,ws,wss,quic-v1")
	network := flag.String("pnet", "", "file with the key of a private network")
	flag.StringVar(&o.tlsCert, "tls-cert", "", "PEM file, for listening on wss")
	flag.StringVar(&o.tlsKey, "tls-key", "", "PEM file, for listening on wss")
	flag.StringVar(&o.tlsCA, "tls-ca", "", "PEM file, trusted when dialing wss")
	limit := flag.Int("time-limit", 300, "seconds after which the process ends by itself")
	topics := flag.String("pubsub", "", "JSON; takes part in publishing and subscribing")
	flag.Parse()
	o.security = strings.Split(*security, ",")
	o.muxers = strings.Split(*muxers, ",")
	o.transports = strings.Split(*transports, ",")
	o.limit = time.Duration(*limit) * time.Second
	var err error
	if *seed != "" {
		if o.seed, err = hex.DecodeString(*seed); err == nil && len(o.seed) != 32 {
			err = fmt.Errorf("--seed wants 32 bytes, got %d", len(o.seed))
		}
	}
	if *network != "" && err == nil {
		o.network, err = networkKey(*network)
	}
	if *topics != "" && err == nil {
		o.pubsub, err = parsePubsub(*topics)
	}
	return o, err
}

func networkKey(path string) (pnet.PSK, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return pnet.DecodeV1PSK(file)
}

func main() {
	o, err := parseOptions()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	time.AfterFunc(o.limit, func() {
		fmt.Fprintln(os.Stderr, "time limit reached")
		os.Exit(3)
	})
	n, err := startNode(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	emit("listening", fields{"peerId": n.host.ID().String(), "addresses": n.fullAddrs()})
	readCommands(os.Stdin, n)
}

// readCommands runs each line in its own goroutine until stdin ends.
func readCommands(in io.Reader, n *node) {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(strings.TrimSpace(string(line))) > 0 {
			go run(n, line)
		}
		if err != nil {
			return
		}
	}
}

func run(n *node, line []byte) {
	c := defaults()
	if err := json.Unmarshal(line, &c); err != nil {
		reply(nil, nil, err)
		return
	}
	do, known := commands[c.Cmd]
	if !known {
		reply(c.ID, nil, fmt.Errorf("unknown command %q", c.Cmd))
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(c.TimeoutMillis)*time.Millisecond)
	defer cancel()
	f, err := do(ctx, n, c)
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("timeout: %w", err)
	}
	reply(c.ID, f, err)
	if c.Cmd == "stop" {
		os.Exit(0)
	}
}
