package io.reactivep2p.protocol.perf;

/** Hears how a run goes on. Called on the event loop; must return at once. */
public interface PerfListener {

    /** Hears nothing. */
    PerfListener NONE = new PerfListener() {};

    /** So many bytes were sent in all. */
    default void onUploaded(long bytes) {}

    /** So many bytes were received in all. */
    default void onDownloaded(long bytes) {}
}
