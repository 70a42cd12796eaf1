/**
 * Echo: sends back what it receives. There is no specification; js-libp2p names it {@code /echo/1.0.0}.
 */
@NullMarked
package io.reactivep2p.protocol.echo;

import org.jspecify.annotations.NullMarked;
