package io.reactivep2p.interop;

import java.util.Arrays;
import java.util.stream.Stream;

/** Whom we meet, and who begins. Streams are opened both ways in either case. */
record Pairing(PeerKind kind, boolean weDial) {

    static Stream<Pairing> all() {
        return Arrays.stream(PeerKind.values())
                .flatMap(kind -> Stream.of(new Pairing(kind, true), new Pairing(kind, false)));
    }

    @Override
    public String toString() {
        return weDial ? "we dial " + kind : kind + " dials us";
    }
}
