/**
 * What a finished connection is to its user: {@link io.reactivep2p.connection.Connection}, its {@link
 * io.reactivep2p.connection.ProtocolStream}s, and the errors that end them.
 *
 * <p>Errors form one unchecked tree under {@link io.reactivep2p.connection.Libp2pException}. Each says by its type what it ended: a
 * stream ({@code StreamResetException}), a connection ({@code ConnectionClosedException}), or an attempt to make one.
 */
@NullMarked
package io.reactivep2p.connection;

import org.jspecify.annotations.NullMarked;
