/** Presets: the transports, secure channels, muxers and services that most hosts want, in one line. */
@NullMarked
package io.reactivep2p.stack;

import org.jspecify.annotations.NullMarked;
