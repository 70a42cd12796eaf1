package io.reactivep2p.interop;

import java.util.Arrays;
import java.util.stream.Stream;

/** Whom we meet over which road, and who begins. Streams are opened both ways in either case. */
record Pairing(Road road, PeerKind kind, boolean weDial) {

    /** Everyone over every road that they have. */
    static Stream<Pairing> all() {
        return Road.all().flatMap(road -> Arrays.stream(PeerKind.values())
                .filter(road::leadsTo)
                .flatMap(kind -> Stream.of(new Pairing(road, kind, true), new Pairing(road, kind, false))));
    }

    /**
     * Those whose streams can be relied on. Over QUIC with js-libp2p now and then a short echo never ends, about once in three runs of all
     * tests, and it takes our resets for ends.
     */
    static Stream<Pairing> withStreams() {
        return all().filter(pairing ->
                pairing.kind() != PeerKind.JS || !pairing.road().isQuic());
    }

    /** Those over which a reader can hold a writer back. */
    static Stream<Pairing> withFlowControl() {
        return all().filter(pairing -> pairing.road().hasFlowControl()).filter(Pairing::theyReadOnDemand);
    }

    /** js-libp2p reads a QUIC stream as fast as it comes. */
    private boolean theyReadOnDemand() {
        return kind != PeerKind.JS || !road.isQuic();
    }

    /** rust-libp2p cannot reset a QUIC stream: it finishes what it drops. */
    boolean theyCanReset() {
        return kind != PeerKind.RUST || !road.isQuic();
    }

    @Override
    public String toString() {
        return (weDial ? "we dial " + kind : kind + " dials us") + " over " + road;
    }
}
