package io.reactivep2p.interop;

import com.fasterxml.jackson.databind.JsonNode;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.event.HostEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One of our nodes and one foreign peer, connected over a road, with identify done on both sides. The tests of a class share them; a test that ends
 * the connection leaves it to the next one to begin anew.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("pairings")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(FailureReport.class)
abstract class InteropFixture {

    static final int MIB = 1024 * 1024;
    static final Duration PATIENCE = OurNode.PATIENCE;

    /** What is random in these tests comes from here. */
    static final long SEED = Long.getLong("interop.seed", 20_261_120L);

    @Parameter
    Pairing pairing;

    OurNode node;
    Peer peer;
    Connection connection;

    static Stream<Pairing> pairings() {
        return Pairing.all();
    }

    @BeforeParameterizedClassInvocation
    void begin() {
        pairing.kind().require();
        node = OurNode.start(pairing.road());
        prepare();
        peer = Peer.start(pairing.kind(), pairing.road().flags(), moreFlags());
        try {
            connect();
        } catch (Throwable failure) {
            System.err.println(pairing + ": " + peer.describe());
            throw failure;
        }
    }

    /** What a class adds to our node before it has connections. */
    void prepare() {}

    /** What a class starts the peer with, beside the road. */
    List<String> moreFlags() {
        return List.of();
    }

    @BeforeEach
    void beginAnewAfterAnEnd() {
        if (connection == null || connection.isDisposed() || node.host().isDisposed() || !peer.isAlive()) {
            end();
            begin();
        }
    }

    @AfterParameterizedClassInvocation
    void end() {
        if (peer != null) {
            peer.close();
        }
        if (node != null) {
            node.close();
        }
        peer = null;
        node = null;
        connection = null;
    }

    /** Connects, in the direction of the pairing, and waits until each side knows the other. */
    final void connect() {
        int mark = node.mark();
        connection = node.connect(peer, pairing.weDial());
        node.event(mark, HostEvent.PeerIdentified.class, e -> e.connection() == connection);
        peer.call("identify", toUs());
    }

    /** The arguments of a command about our node. */
    final Map<String, Object> toUs() {
        return Map.of("peer", node.id());
    }

    /** As {@link #toUs()}, with more. */
    final Map<String, Object> toUs(Map<String, ?> more) {
        Map<String, Object> all = new HashMap<>(more);
        all.putAll(toUs());
        return all;
    }

    /** Whether an event of the peer is about our node. */
    final boolean isUs(JsonNode event) {
        return event.path("peer").asText().equals(node.id());
    }
}
