package io.reactivep2p.connection;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class that decides and never waits: no Reactor, no channel, no thread, lock, clock or static randomness. Time is a
 * number passed in, outputs are drained by polling, and {@code ByteBuf} appears only as data. The architecture test enforces it.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface SansIo {}
