package io.reactivep2p.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may import whom. The base package is a parameter so that fixtures which break a rule can stand in a package tree of their own.
 */
public final class LayerRules {

    /** Lowest first. A package sees its own line (cycles are another rule's matter) and the lines above its own in this list. */
    private static final List<List<String>> LAYERS = List.of(
            List.of(".multiformats"),
            List.of(".crypto.."),
            List.of(".peer", ".wire"),
            List.of(".connection", ".record.."),
            List.of(".connmgr", ".peerstore", ".resource", ".event", ".routing"),
            List.of(".transport..", ".security..", ".muxer.."),
            List.of(".multistream"),
            List.of(".upgrade"),
            List.of(".swarm", ".address"),
            List.of(".host"),
            List.of(".protocol.."),
            List.of(""),
            List.of(".stack", ".dht..", ".discovery..", ".pubsub..", ".rsocket.."),
            List.of(".spring.."));

    /** Each is a way to do something, named only where the ways are put together. Its value: who else may name it. */
    private static final Map<String, List<String>> IMPLEMENTATIONS = implementations();

    private final String base;

    public LayerRules(String base) {
        this.base = base;
    }

    public Map<String, ArchRule> all() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("no package cycles", noCycles());
        for (int i = 0; i < LAYERS.size() - 1; i++) {
            rules.put(LAYERS.get(i) + " imports nothing above itself", layer(i));
        }
        IMPLEMENTATIONS.forEach((implementation, friends) ->
                rules.put(implementation + " is imported only by assemblies", implementation(implementation, friends)));
        rules.put("protocols and services speak to hosts and streams only", servicesSeeHosts());
        rules.put("only the relay upgrades connections", onlyTheRelayUpgrades());
        rules.put("no protocol imports another", protocolsApart());
        rules.put("channels stay in the data path", channelsInDataPath());
        return rules;
    }

    /** Each package is a slice of its own. */
    public ArchRule noCycles() {
        return slices().matching(base + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
    }

    private ArchRule layer(int index) {
        List<String> above = new ArrayList<>();
        LAYERS.subList(index + 1, LAYERS.size()).forEach(above::addAll);
        return noClasses()
                .that()
                .resideInAnyPackage(packages(LAYERS.get(index)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(above))
                .allowEmptyShould(true);
    }

    private ArchRule implementation(String implementation, List<String> friends) {
        List<String> allowed = new ArrayList<>(friends);
        allowed.add(implementation);
        allowed.add(".stack");
        allowed.add(".spring.autoconfigure");
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages(allowed))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(base + implementation)
                .allowEmptyShould(true);
    }

    public ArchRule servicesSeeHosts() {
        return noClasses()
                .that()
                .resideInAnyPackage(packages(List.of(".protocol..", ".dht..", ".discovery..", ".pubsub..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(List.of(".swarm", ".muxer..", ".security..")))
                .allowEmptyShould(true);
    }

    /** The relay makes connections of streams, so it alone sees transports and the upgrader. */
    public ArchRule onlyTheRelayUpgrades() {
        return noClasses()
                .that()
                .resideInAnyPackage(packages(List.of(".protocol..", ".dht..", ".discovery..", ".pubsub..")))
                .and()
                .resideOutsideOfPackage(base + ".protocol.relay..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(List.of(".transport..", ".upgrade")))
                .allowEmptyShould(true);
    }

    public ArchRule protocolsApart() {
        return slices().matching(base + ".protocol.(*)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true);
    }

    public ArchRule channelsInDataPath() {
        return noClasses()
                .that()
                .resideInAPackage(base + "..")
                .and()
                .resideOutsideOfPackages(packages(List.of(".transport..", ".security..", ".muxer..", ".upgrade")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.channel..")
                .allowEmptyShould(true);
    }

    private String[] packages(List<String> suffixes) {
        return suffixes.stream().map(suffix -> base + suffix).toArray(String[]::new);
    }

    private static Map<String, List<String>> implementations() {
        Map<String, List<String>> friends = new LinkedHashMap<>();
        friends.put(".transport.memory", List.of());
        friends.put(
                ".transport.netty",
                List.of(
                        ".transport.tcp",
                        ".transport.websocket",
                        ".transport.quic",
                        ".transport.webtransport",
                        ".transport.webrtc"));
        // A WebSocket is a layer over a TCP connection, and shares its ports.
        friends.put(".transport.tcp", List.of(".transport.websocket"));
        // QUIC has TLS inside, WebTransport has both.
        friends.put(".security.tls", List.of(".transport.quic", ".transport.webtransport"));
        for (String implementation : List.of(
                ".transport.websocket",
                ".transport.quic",
                ".transport.webtransport",
                ".transport.webrtc",
                ".security.noise",
                ".security.plaintext",
                ".security.pnet",
                ".muxer.yamux",
                ".muxer.mplex")) {
            friends.put(implementation, List.of());
        }
        return friends;
    }
}
