package io.reactivep2p.protocol.perf;

/**
 * What one run measured.
 *
 * @param uploadNanos from the first byte sent to the moment the end of the upload was handed over; where there is a download, to the first
 *     byte of it
 * @param downloadNanos from the end of the upload to the last byte received
 */
public record PerfResult(long uploadedBytes, long uploadNanos, long downloadedBytes, long downloadNanos) {}
