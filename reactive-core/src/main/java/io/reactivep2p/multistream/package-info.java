/**
 * multistream-select 1.0: two peers agree on the protocol that a byte stream speaks. Used on every muxed stream ({@link
 * io.reactivep2p.multistream.Multistream}) and, by the upgrader, on whole connections ({@link
 * io.reactivep2p.multistream.NegotiationSession}).
 *
 * <pre>
 *   message   +-----------------+--------------------+------+
 *             | length (varint) | text, UTF-8        | '\n' |    length counts the line feed
 *             +-----------------+--------------------+------+
 *
 *   initiator                                          responder
 *     | /multistream/1.0.0  /echo/2.0.0  ---------------&gt; |       header and first proposal, one write
 *     | &lt;--------------------------  /multistream/1.0.0  na |     header and answer, one write
 *     | /echo/1.0.0  -----------------------------------&gt; |       next proposal
 *     | &lt;------------------------------------  /echo/1.0.0 |      the echo: agreed
 *
 *   lazy: initiator knows that the responder speaks it
 *     | /multistream/1.0.0  /echo/1.0.0  data  ----------&gt; |      no round trip is waited for
 *     | &lt;-------------  /multistream/1.0.0  /echo/1.0.0  data |
 * </pre>
 *
 * <p>Specification: <a href="https://github.com/libp2p/specs/blob/master/connections/README.md#multistream-select">connections,
 * multistream-select</a> (r1, 2022-12-07) and <a href="https://github.com/multiformats/multistream-select">multistream-select</a>.
 *
 * <p>Choices, where the specification is open or implementations differ:
 * <ul>
 *   <li>Messages are at most 1,024 bytes (go, js), their length at most 2 bytes and in shortest form. An empty message or name, a missing
 *       line feed and anything but the header in first place end the negotiation.
 *   <li>A responder may send its header before it has read ours (go) or after (js). Ours goes out with the first answer, or alone when
 *       the initiator's header came without a proposal, for it may be waiting.
 *   <li>{@code ls} is answered {@code na}, as go does now: it tells strangers what runs here, and nobody may depend on it.
 *   <li>A responder gives up after 64 refused proposals.
 *   <li>A name that is no {@code ProtocolId}, not starting with a slash or not UTF-8, is answered {@code na}.
 *   <li>A lazy stream sends its proposal before it ends its write side, and reads the answer before it tells the peer to stop sending. A
 *       reset of a lazy stream goes out at once: what it overtakes would be lost anyway, and an answer may never come.
 *   <li>A lazy proposal leaves with the first write, flush or end, or alone at the end of the turn in which its user began to listen and
 *       wrote nothing: protocols in which the responder speaks first work without further ado.
 * </ul>
 */
@NullMarked
package io.reactivep2p.multistream;

import org.jspecify.annotations.NullMarked;
