package io.reactivep2p.examples.p2p;

/** How far a transfer is. */
interface Progress extends AutoCloseable {

    /** Nobody watches. */
    Progress UNWATCHED = new Progress() {};

    /** So many bytes in all. Returns at once; may be called on an event loop. */
    default void reached(long bytes) {}

    /** Takes the bar off the screen; what was measured is told after it. */
    @Override
    default void close() {}
}
