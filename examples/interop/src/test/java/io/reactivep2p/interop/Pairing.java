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

    /** Those over which a reader can hold a writer back. */
    static Stream<Pairing> withFlowControl() {
        return all().filter(pairing -> pairing.road().hasFlowControl());
    }

    /** js-libp2p reads a QUIC stream as fast as it comes. */
    boolean theyReadOnDemand() {
        return kind != PeerKind.JS || !road.isQuic();
    }

    /** js-libp2p takes the reset of a QUIC stream for its end. */
    boolean theySeeResets() {
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
