/**
 * The stream muxer {@code /yamux/1.0.0}: many streams with credit-based flow control over one ordered, reliable connection.
 * Specification: <a href="https://github.com/libp2p/specs/blob/7740c07/yamux/README.md">libp2p/specs 7740c07, yamux</a>.
 *
 * <pre>
 *  0        1        2                 4                 8                 12
 * +--------+--------+-----------------+-----------------+-----------------+----------------------
 * | version|  type  |      flags      |    stream id    |     length      | payload of Data
 * |   0    |        |                 |                 |                 | (length bytes)
 * +--------+--------+-----------------+-----------------+-----------------+----------------------
 *           0 Data          SYN 1 opens        odd: the dialer's   payload bytes
 *           1 WindowUpdate  ACK 2 confirms     even: the           credit delta; with RST an error code
 *           2 Ping          FIN 4 ends a side  listener's          opaque
 *           3 GoAway        RST 8 ends both    0: the connection   0 normal, 1 protocol error, 2 internal error
 * </pre>
 *
 * <p>A stream. Our flags ride on the first Data or WindowUpdate that goes out anyway.
 *
 * <pre>
 *                     openStream                        SYN arrives
 *                         |                                  |
 *                    OPENING, owes SYN                  OPENING, owes ACK
 *                         | first frame                      | first frame, at the latest at the end of the turn
 *                         v                                  v
 *                      +--------------------- open ---------------------+
 *        closeWrite,   |                                                | FIN arrives
 *        last data out |                                                |
 *                      v                                                v
 *              FIN_SENT (we only read)                       REMOTE_ENDED (we only write)
 *                      | FIN arrives                                    | FIN sent
 *                      +-----------------> GONE, onClosed <-------------+
 *
 *    from everywhere:  reset -> GONE, silent      RST arrives, connection ends -> GONE, onError
 *    closeRead and closeWrite, and the peer does not end: reset after the linger time
 * </pre>
 *
 * <p>Who does what: {@link io.reactivep2p.muxer.yamux.Yamux} makes a {@code YamuxHandler}, the shell on the channel: reads, rounds of
 * writes, one timer; a {@link io.reactivep2p.muxer.SecuredMuxedConnection} shows it to the layers above. The handler drives a pure {@code YamuxSession}, which
 * reads through a {@code FrameReader}, keeps {@code YamuxStream}s with a {@code SendWindow}, a {@code ReceiveWindow} and a {@code
 * SendQueue} each, lines them up in {@code StreamRing}s, admits new ones through an {@code OpenQueue} and pings by a {@code
 * KeepAlive}. A {@code FrameBatch} gathers what goes out.
 *
 * <p>Choices where the specification leaves room, and deviations:
 *
 * <ul>
 *   <li>Sending: pongs, pings and resets first, then frames without payload, then data in turns of 65,507 bytes (one full Noise frame)
 *       per stream, round robin. FIN never travels with data, which go-yamux and js-libp2p may lose then: both end the stream before
 *       they take the payload. Frames wait in the session while the channel is not writable; reading never stops.
 *   <li>Windows: 256 KiB at first; a window update when half of the window was consumed by the listener, never for what merely arrived;
 *       doubled up to 16 MiB if that took less than four round trips (go). All streams of a connection share a budget of growth, 64
 *       MiB.
 *   <li>A WindowUpdate with RST carries the error code in its length, and is read so (go; others ignore it).
 *   <li>Inbound: 1,024 streams, then RST. Outbound: 256 unacknowledged, then 1,024 callers wait, then refusal. Any frame for a stream
 *       counts as its acknowledgement. Ids need not increase, as go may send them out of order; a known id or one of the wrong parity
 *       is a protocol error. An id of a finished stream may be used again (go).
 *   <li>A GoAway that arrives ends the connection, whatever its code (go, rust, js); one is sent with every close of ours, with the
 *       {@code ErrorCode} as its code, and 1 for a protocol error.
 *   <li>Protocol errors (GoAway 1 and close): version, type, stream id 0 in a stream's frame, SYN for a known id or with the wrong
 *       parity, a frame longer than any window (256 KiB with SYN), a window overrun, a send window above 2^32-1, more than 64 pings
 *       unanswered because the socket does not take the answers, and as many resets as there may be streams. Data after FIN resets
 *       the stream. Unknown flags, unasked pongs and frames for unknown streams are ignored, their payload skipped unread.
 *   <li>Keepalive: a ping at the start and 30 s after each answer; the connection is closed when one is unanswered and nothing else
 *       arrived for 10 s.
 * </ul>
 */
@NullMarked
package io.reactivep2p.muxer.yamux;

import org.jspecify.annotations.NullMarked;
