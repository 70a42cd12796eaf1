package io.reactivep2p.interop;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.interop.suite.Layers;
import io.reactivep2p.interop.suite.WebTls;
import io.reactivep2p.security.pnet.PreSharedKey;
import io.reactivep2p.security.pnet.PrivateNetwork;
import io.reactivep2p.stack.StandardStack;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a connection comes about: its transport, secure channel and muxer, in a private network or not. */
record Road(Layers layers, boolean isPrivate) {

    private static final Road FIRST = of("tcp", "noise", "yamux");

    /** A line for each road that is tested. A road that is not here is not tested. */
    private static final List<Road> ROADS = List.of(
            FIRST,
            of("tcp", "tls", "yamux"),
            of("tcp", "noise", "mplex"),
            of("tcp", "tls", "mplex"),
            of("tcp", "plaintext", "yamux"),
            of("ws", "noise", "yamux"),
            of("ws", "tls", "yamux"),
            of("wss", "noise", "yamux"),
            of("quic-v1", null, null),
            of("tcp", "noise", "yamux").inPrivate(),
            of("ws", "noise", "yamux").inPrivate());

    /** Protocol ids, by the names of {@link Layers}. */
    private static final Map<String, String> IDS = Map.of(
            "noise", "/noise",
            "tls", "/tls/1.0.0",
            "plaintext", "/plaintext/2.0.0",
            "yamux", "/yamux/1.0.0",
            "mplex", "/mplex/6.7.0");

    /** The key of a private network. */
    private static final String NETWORK = "/swarm.key";

    private static Road of(String transport, @Nullable String security, @Nullable String muxer) {
        return new Road(new Layers(transport, security, muxer), false);
    }

    private Road inPrivate() {
        return new Road(layers, true);
    }

    /** What a user gets without asking for anything. */
    static Road first() {
        return FIRST;
    }

    /** The one that {@link #toString} shows so. */
    static Road named(String name) {
        return ROADS.stream()
                .filter(road -> road.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no road " + name + "; there are " + ROADS));
    }

    /** All of them, or those that {@code -Dinterop.roads} names, with commas between. */
    static Stream<Road> all() {
        String wanted = System.getProperty("interop.roads");
        if (wanted == null) {
            return ROADS.stream();
        }
        Set<String> names = Arrays.stream(wanted.split(",")).collect(Collectors.toSet());
        Set<String> unknown = names.stream()
                .filter(name -> ROADS.stream().noneMatch(road -> road.toString().equals(name)))
                .collect(Collectors.toSet());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("no roads " + unknown + "; there are " + ROADS);
        }
        return ROADS.stream().filter(road -> names.contains(road.toString()));
    }

    /** Whether the peer knows it. */
    boolean leadsTo(PeerKind kind) {
        return !"mplex".equals(layers.muxer()) || kind != PeerKind.GO;
    }

    /** Whether a reader can hold a writer back without holding the whole connection back. */
    boolean hasFlowControl() {
        return !"mplex".equals(layers.muxer());
    }

    boolean isQuic() {
        return layers.transport().equals("quic-v1");
    }

    boolean isSecureWebSocket() {
        return layers.transport().equals("wss");
    }

    /** Whether the operating system of a peer that has died says so for it; otherwise we conclude it from its silence. */
    boolean tellsOfDeath() {
        return !isQuic();
    }

    /** Whether the two agree on the muxer within the security handshake, as all do but rust. */
    boolean agreesEarlyWith(PeerKind kind) {
        return layers.security() != null && !layers.security().equals("plaintext") && kind != PeerKind.RUST;
    }

    /** The id of its secure channel; empty where the transport has its own. */
    String security() {
        return layers.security() == null ? "" : Objects.requireNonNull(IDS.get(layers.security()));
    }

    /** The id of its muxer; empty where the transport has its own. */
    String muxer() {
        return layers.muxer() == null ? "" : Objects.requireNonNull(IDS.get(layers.muxer()));
    }

    /** Where either side listens. */
    String listenAddress() {
        return layers.listenAddress("127.0.0.1", 0);
    }

    /** Gives our node what it needs; on the first road what a user has. */
    void applyTo(HostBuilder builder) {
        if (equals(FIRST)) {
            builder.apply(StandardStack.defaults());
        } else {
            layers.applyTo(builder, WebTls.trustingOurselves());
            builder.apply(StandardStack.services());
        }
        if (isPrivate) {
            builder.privateNetwork(PrivateNetwork.create(PreSharedKey.load(Path.of(file(NETWORK)))));
        }
    }

    /** What a peer is started with. */
    List<String> flags() {
        List<String> flags = new ArrayList<>(List.of("--listen", listenAddress()));
        if (!equals(FIRST)) {
            flags.addAll(List.of("--transports", layers.transport()));
        }
        if (!equals(FIRST) && layers.security() != null && layers.muxer() != null) {
            flags.addAll(List.of("--security", layers.security(), "--muxer", layers.muxer()));
        }
        if (layers.transport().equals("wss")) {
            flags.addAll(List.of("--tls-cert", file(WebTls.CERTIFICATE), "--tls-key", file(WebTls.KEY)));
            flags.addAll(List.of("--tls-ca", file(WebTls.CERTIFICATE)));
        }
        if (isPrivate) {
            flags.addAll(List.of("--pnet", file(NETWORK)));
        }
        return flags;
    }

    private static String file(String resource) {
        try {
            return Path.of(Objects.requireNonNull(Road.class.getResource(resource))
                            .toURI())
                    .toString();
        } catch (URISyntaxException malformed) {
            throw new IllegalStateException(malformed);
        }
    }

    @Override
    public String toString() {
        return (isPrivate ? "pnet-" : "") + layers;
    }
}
