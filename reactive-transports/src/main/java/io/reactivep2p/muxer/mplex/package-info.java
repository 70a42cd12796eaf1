/**
 * The stream muxer {@code /mplex/6.7.0}: many streams over one ordered, reliable connection, without flow control. Deprecated by its
 * specification and opt-in here; for peers that speak nothing better. Begin at {@link io.reactivep2p.muxer.mplex.Mplex}.
 * Specification: <a href="https://github.com/libp2p/specs/blob/7740c07/mplex/README.md">libp2p/specs 7740c07, mplex</a> (r0, 2018-10-10).
 *
 * <pre>
 * +---------------------+-----------+------------------------------
 * | stream id &lt;&lt; 3 | flag | length    | data
 * |       varint        |  varint   | (length bytes, at most 1 MiB)
 * +---------------------+-----------+------------------------------
 *
 *   flag   0 NewStream         data is a name, for people
 *          1 MessageReceiver   2 MessageInitiator
 *          3 CloseReceiver     4 CloseInitiator      ends a side, no data
 *          5 ResetReceiver     6 ResetInitiator      ends both, no data
 *
 *   "Initiator" is said by who opened the stream. Both ends count their ids from 0, so a stream is an id and who opened it.
 * </pre>
 *
 * <p>A stream:
 *
 * <pre>
 *                     openStream                     NewStream arrives
 *                         |                                  |
 *                 OPENING, owes NewStream                    |
 *                         | first flush, or end of the turn  |
 *                         v                                  v
 *                      +--------------------- open ---------------------+
 *        closeWrite,   |                                                | Close arrives
 *        last data out |                                                |
 *                      v                                                v
 *              CLOSE_SENT (we only read)                     REMOTE_ENDED (we only write)
 *                      | Close arrives                                  | Close sent
 *                      +-----------------> GONE, onClosed &lt;-------------+
 *
 *    from everywhere:  reset -&gt; GONE, silent      Reset arrives, connection ends, stall -&gt; GONE, onError
 *    closeRead and closeWrite, and the peer does not end: reset after the linger time
 * </pre>
 *
 * <h2>Slow readers</h2>
 *
 * Nothing in the protocol stops a sender. What has been handed to a stream's listener and not been consumed counts against two bounds,
 * one of the stream (256 KiB) and one of the connection (4 MiB). As the specification advises, and as go does:
 *
 * <ol>
 *   <li>Above a bound the connection is not read any more, until half of the bound is left. TCP then stops the sender: demand is
 *       answered, but for all streams of the connection at once, and a slow reader sets their pace.
 *   <li>If nothing is consumed for the stall timeout (5 s, go's), the stream over its bound is reset, or where only the connection is over
 *       its bound, those with the most until half of it is left; the others go on.
 *   <li>What arrives although nothing is read (the rest of a read, a layer below that does not stop) may exceed a bound by 1 MiB; then the
 *       stream is reset at once.
 * </ol>
 *
 * So a connection keeps at most 5 MiB for its listeners, whatever the peer sends. A stream whose read side was closed counts for nothing:
 * what arrives is dropped unread, as mplex cannot tell its sender to stop.
 *
 * <p>Who does what: {@link io.reactivep2p.muxer.mplex.Mplex} makes a {@code MplexHandler}, the shell on the channel: reads, rounds of
 * writes, one timer; a {@link io.reactivep2p.muxer.SecuredMuxedConnection} shows it to the layers above. The handler drives a pure {@code MplexSession}, which
 * reads through a {@code MplexFrameReader}, keeps {@code MplexStream}s and accounts for what they hold in a {@code ReceiveBudget}.
 *
 * <p>Choices where the specification leaves room, and deviations:
 *
 * <ul>
 *   <li>Sending: resets first, then NewStream and Close, then data in turns of 65,507 bytes (one full Noise frame) per stream, round
 *       robin. Frames wait in the session while the channel is not writable. A stream that is reset before its NewStream has gone out is
 *       never heard of by the peer.
 *   <li>Streams are named by their id in decimal, as in go and js. Names that arrive are skipped unread.
 *   <li>1,024 streams each way (rust takes 128 in all); more that arrive are reset, and the connection is closed when too many resets wait
 *       for the socket.
 *   <li>Protocol errors close the connection: flag 7, a varint that is too long or not the shortest, more than 1 MiB of data, Close or
 *       Reset with data, NewStream for a known id. Data after Close resets the stream. Frames for unknown streams are skipped.
 *   <li>There is no goodbye and no error code on the wire: resets and closed connections say {@code ErrorCode.NONE} to the peer. There are no
 *       pings: the round trip is unknown, and a silent peer is TCP's matter.
 * </ul>
 */
@NullMarked
package io.reactivep2p.muxer.mplex;

import org.jspecify.annotations.NullMarked;
