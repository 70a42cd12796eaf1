package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
)

const (
	echoID      = "/echo/1.0.0"
	perfID      = "/perf/1.0.0"
	halfCloseID = "/interop/half-close/1.0.0"
	resetID     = "/interop/reset/1.0.0"
	resetMeID   = "/interop/reset-me/1.0.0"
	sourceID    = "/interop/source/1.0.0"
	sinkID      = "/interop/sink/1.0.0"

	resetBytes  = 1024
	answerBytes = 64 * 1024
	sourceSeed  = 1
	answerSeed  = 2
	writeChunk  = 16 * 1024
	perfChunk   = 64 * 1024
	stallAfter  = 300 * time.Millisecond
)

func (n *node) serve() {
	for id, handle := range map[protocol.ID]func(network.Stream) error{
		echoID:      serveEcho,
		perfID:      servePerf,
		halfCloseID: serveHalfClose,
		resetID:     serveReset,
		resetMeID:   serveResetMe,
		sourceID:    serveSource,
		sinkID:      n.serveSink,
	} {
		n.host.SetStreamHandler(id, func(s network.Stream) {
			if handle(s) != nil {
				s.Reset()
			} else {
				s.Close()
			}
		})
	}
}

func serveEcho(s network.Stream) error {
	_, err := io.Copy(s, s)
	return err
}

func servePerf(s network.Stream) error {
	var header [8]byte
	if _, err := io.ReadFull(s, header[:]); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, s); err != nil {
		return err
	}
	return writeZeros(s, binary.BigEndian.Uint64(header[:]))
}

func serveHalfClose(s network.Stream) error {
	seen, err := io.Copy(io.Discard, s)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(s, "bytes seen: %d\n", seen); err != nil {
		return err
	}
	answer := make([]byte, answerBytes)
	newPattern(answerSeed).fill(answer)
	_, err = s.Write(answer)
	return err
}

// serveReset acknowledges the opener's bytes, so that the reset cannot overtake the stream's negotiation.
func serveReset(s network.Stream) error {
	seen, err := io.ReadFull(s, make([]byte, resetBytes))
	if err == nil {
		if _, err = s.Write([]byte{6}); err == nil {
			var more int64
			more, err = io.Copy(io.Discard, s)
			seen += int(more)
		}
	}
	emit("reset-seen", fields{"peer": s.Conn().RemotePeer().String(), "how": ending(err), "bytes": seen})
	return err
}

// ending names how a stream ended: "eof" for an orderly close, "reset" for a reset.
func ending(err error) string {
	switch {
	case err == nil, errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "eof"
	case errors.Is(err, network.ErrReset):
		return "reset"
	default:
		return "error: " + err.Error()
	}
}

func serveResetMe(s network.Stream) error {
	if _, err := s.Read(make([]byte, resetBytes)); err != nil {
		return err
	}
	return s.Reset()
}

func serveSource(s network.Stream) error {
	var header [8]byte
	if _, err := io.ReadFull(s, header[:]); err != nil {
		return err
	}
	return writePattern(s, binary.BigEndian.Uint64(header[:]), sourceSeed, "source-progress")
}

func (n *node) serveSink(s network.Stream) error {
	peer := s.Conn().RemotePeer().String()
	resume := make(chan struct{})
	n.lock.Lock()
	n.sinks = append(n.sinks, resume)
	n.lock.Unlock()
	emit("sink-open", fields{"peer": peer})
	<-resume
	hash := sha256.New()
	bytes, err := io.Copy(hash, s)
	if err != nil {
		return err
	}
	emit("sink-done", fields{"peer": peer, "bytes": bytes, "sha256": hex.EncodeToString(hash.Sum(nil))})
	return nil
}

// writePattern writes total pattern bytes and reports when it stalls and how it ends.
func writePattern(s network.Stream, total uint64, seed uint32, event string) error {
	var written atomic.Uint64
	report := func(state string) {
		emit(event, fields{"peer": s.Conn().RemotePeer().String(), "written": written.Load(), "state": state})
	}
	done := make(chan struct{})
	go func() {
		last, since, told := uint64(0), time.Now(), false
		for {
			select {
			case <-done:
				return
			case <-time.After(stallAfter / 3):
			}
			if now := written.Load(); now != last {
				last, since, told = now, time.Now(), false
			} else if !told && time.Since(since) >= stallAfter {
				told = true
				report("blocked")
			}
		}
	}()
	p, buf := newPattern(seed), make([]byte, writeChunk)
	for left := total; left > 0; {
		chunk := buf[:min(left, writeChunk)]
		p.fill(chunk)
		if _, err := s.Write(chunk); err != nil {
			close(done)
			report("failed")
			return err
		}
		left -= uint64(len(chunk))
		written.Add(uint64(len(chunk)))
	}
	close(done)
	report("finished")
	return nil
}

func writeZeros(w io.Writer, total uint64) error {
	buf := make([]byte, perfChunk)
	for left := total; left > 0; {
		chunk := buf[:min(left, perfChunk)]
		if _, err := w.Write(chunk); err != nil {
			return err
		}
		left -= uint64(len(chunk))
	}
	return nil
}
