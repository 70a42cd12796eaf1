/**
 * Whether a message is what it says: signatures, duplicates, and the questions asked of an application's validators.
 *
 * <p>What is signed is the message without its signature and key, its fields in ascending order, behind a prefix:
 *
 * <pre>
 *   "libp2p-pubsub:" | 1 from | 2 data | 3 seqno | 4 topic              fields that are absent are left out
 * </pre>
 *
 * <p>To verify, a message is written anew from the fields that are known here. One that was signed with more fields than these, or in
 * another order, is therefore invalid, as in go-libp2p.
 *
 * <p>Specification: <a href="https://github.com/libp2p/specs/tree/master/pubsub#message-signing">pubsub, message signing</a>.
 */
@NullMarked
package io.reactivep2p.pubsub.validation;

import org.jspecify.annotations.NullMarked;
