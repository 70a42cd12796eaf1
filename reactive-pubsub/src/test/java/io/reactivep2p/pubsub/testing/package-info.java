/** What tests of pubsub share: nodes that are closed after each test, a peer of raw RPCs, and the contract of every router's node. */
@NullMarked
package io.reactivep2p.pubsub.testing;

import org.jspecify.annotations.NullMarked;
