package io.reactivep2p.pubsub.simulation;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.MessageIdFunction;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.Rpc;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Some hostile nodes that act together. They forward nothing. */
final class Attack {

    private static final int SEED_BYTES = 32;
    private static final int AT_A_TURN = 12; // a full mesh
    private static final int REMEMBERED_IDS = 1_000;

    private final Scenario scenario;
    private final RandomGenerator random;
    private final List<HostileNode> attackers = new ArrayList<>();
    private final Set<MessageId> heard = new LinkedHashSet<>();
    private final Map<String, Integer> sent = new HashMap<>();
    private final Map<PeerId, Set<HostileNode>> tried = new HashMap<>();
    private long messages;
    private long ids;
    private long prunes;

    /** What honest nodes were made to send to the attackers: messages, ids of messages they asked for, and PRUNEs. */
    record Forced(long messages, long ids, long prunes) {}

    /** @param sameIp whether all have one IP address */
    Attack(Scenario scenario, int count, boolean sameIp) {
        this.scenario = scenario;
        this.random = scenario.network.randomness();
        for (int i = 0; i < count; i++) {
            byte[] seed = new byte[SEED_BYTES];
            random.nextBytes(seed);
            Multiaddr address = Multiaddr.of(
                    sameIp ? "/ip4/192.0.2.1/tcp/" + (4_001 + i) : "/ip4/192.0.2." + (i + 1) + "/tcp/4001");
            int number = i;
            attackers.add(HostileNode.create(
                    scenario.network, KeyPair.ofSeed(seed), address, (from, rpc) -> onRpc(number, from, rpc)));
        }
    }

    private void onRpc(int attacker, PeerId from, Rpc rpc) {
        messages += rpc.messages().size();
        for (RawMessage message : rpc.messages()) {
            MessageId id = MessageIdFunction.AUTHOR_AND_SEQNO.idOf(message);
            hear(id);
            sent.merge(attacker + " " + from + " " + id, 1, Integer::sum);
        }
        if (rpc.control() != null) {
            ids += rpc.control().iwant().size();
            prunes += rpc.control().prune().size();
            rpc.control().ihave().forEach(have -> have.ids().forEach(this::hear));
        }
    }

    private void hear(MessageId id) {
        if (heard.size() < REMEMBERED_IDS) {
            heard.add(id);
        }
    }

    /** Every attacker connects to every victim. */
    void meet(List<SimNode> victims) {
        attackers.forEach(attacker -> victims.forEach(victim -> attacker.meet(victim.host(), Scenario.TOPIC)));
    }

    /** Every victim dials every attacker, as it does where the attackers are what discovery finds. */
    void lure(List<SimNode> victims) {
        attackers.forEach(
                attacker -> victims.forEach(victim -> scenario.network.connect(victim.host(), attacker.host)));
        scenario.network.run(Duration.ofSeconds(1));
        meet(victims);
    }

    void everyHeartbeat(Runnable act) {
        scenario.network.executor().scheduleAtFixedRate(act, 1, 1, TimeUnit.SECONDS);
    }

    void graftAll() {
        toAll(Control.graft(Scenario.TOPIC));
    }

    /** {@link #graftInTurns} at all nodes there are. */
    void graftAllInTurns() {
        graftInTurns(scenario.nodes);
    }

    /** Some at each victim at a time, and nobody ever again, so that no backoff is disregarded. */
    void graftInTurns(List<SimNode> victims) {
        for (SimNode victim : victims) {
            Set<HostileNode> before = tried.computeIfAbsent(victim.id(), first -> new HashSet<>());
            attackers.stream()
                    .filter(attacker -> !before.contains(attacker))
                    .limit(AT_A_TURN)
                    .toList()
                    .forEach(attacker -> {
                        before.add(attacker);
                        attacker.send(victim.id(), Control.graft(Scenario.TOPIC));
                    });
        }
    }

    void pruneAll() {
        toAll(Control.prune(new Control.Prune(Scenario.TOPIC, List.of(), OptionalLong.of(1))));
    }

    /** So many messages that do not exist. */
    void ihaveAll(int count) {
        List<MessageId> invented = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            invented.add(MessageId.of(
                    ByteBuffer.allocate(Long.BYTES).putLong(random.nextLong()).array()));
        }
        toAll(Control.ihave(new Control.IHave(Scenario.TOPIC, invented)));
    }

    /** Everything that was ever heard of. */
    void iwantAll() {
        if (!heard.isEmpty()) {
            toAll(Control.iwant(List.copyOf(heard)));
        }
    }

    private void toAll(Control control) {
        attackers.forEach(attacker -> attacker.victims().forEach(victim -> attacker.send(victim, control)));
    }

    Forced forced() {
        return new Forced(messages, ids, prunes);
    }

    /** How often one node sent one message to one attacker. */
    int mostOftenSent() {
        return sent.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }
}
