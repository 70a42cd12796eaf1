package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.ProtocolId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What a peer understands, by the protocol that was agreed on the stream that we opened to it. In order: each knows all before it. */
enum ProtocolVersion {
    /** Messages only. */
    FLOODSUB("/floodsub/1.0.0"),
    /** The mesh and gossip. */
    GOSSIPSUB_1_0("/meshsub/1.0.0"),
    /** Backoffs and peer exchange. */
    GOSSIPSUB_1_1("/meshsub/1.1.0"),
    /** IDONTWANT. */
    GOSSIPSUB_1_2("/meshsub/1.2.0"),
    /** Extensions. */
    GOSSIPSUB_1_3("/meshsub/1.3.0");

    /** The newest first, as they are offered. */
    static final List<ProtocolId> PROTOCOLS = Arrays.stream(values())
            .sorted(Comparator.reverseOrder())
            .map(version -> version.protocol)
            .toList();

    private final ProtocolId protocol;

    ProtocolVersion(String protocol) {
        this.protocol = ProtocolId.of(protocol);
    }

    ProtocolId protocol() {
        return protocol;
    }

    boolean knows(ProtocolVersion feature) {
        return compareTo(feature) >= 0;
    }

    static ProtocolVersion of(ProtocolId protocol) {
        for (ProtocolVersion version : values()) {
            if (version.protocol.equals(protocol)) {
                return version;
            }
        }
        throw new IllegalArgumentException("the protocol " + protocol + " was agreed on; offered were " + PROTOCOLS);
    }
}
