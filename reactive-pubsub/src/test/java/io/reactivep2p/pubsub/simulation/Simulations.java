package io.reactivep2p.pubsub.simulation;

import io.netty.util.ResourceLeakDetector;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.gossipsub.GossipsubSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What the scenarios of one test class share: the seed, the network's latency, and the report that is written behind the last one. */
final class Simulations implements BeforeAllCallback, AfterAllCallback {

    /** What is asserted holds for other seeds too: {@code -Dsimulation.seed=1} tells. */
    private static final long SEED = Long.getLong("simulation.seed", 20_261);

    private static final Duration LATENCY_MIN = Duration.ofMillis(40);
    private static final Duration LATENCY_MAX = Duration.ofMillis(80);

    private final String name;
    private final SimulationReport report = new SimulationReport();
    private final ResourceLeakDetector.Level leakDetection = ResourceLeakDetector.getLevel();

    /** @param name of the report's files */
    Simulations(String name) {
        this.name = name;
    }

    /** Other tests look for leaks. Here each of millions of buffers would carry a stack trace, which takes most of the time. */
    @Override
    public void beforeAll(ExtensionContext context) {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        ResourceLeakDetector.setLevel(leakDetection);
        report.write(name);
    }

    Scenario network(Consumer<GossipsubSpec> options) {
        return new Scenario(spec -> spec.seed(SEED).latency(LATENCY_MIN, LATENCY_MAX), options);
    }

    SimulationReport.Row report(String scenario, Scenario outcome) {
        return report.add(scenario, SEED, outcome);
    }

    /** @see SimulationReport#add(String, String, String, long, Scenario, Collection) */
    SimulationReport.Row report(
            String attack, String without, String got, Scenario outcome, Collection<PeerId> deliveriesAt) {
        return report.add(attack, without, got, SEED, outcome, deliveriesAt);
    }
}
