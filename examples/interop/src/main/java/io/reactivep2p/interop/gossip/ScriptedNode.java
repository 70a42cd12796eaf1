package io.reactivep2p.interop.gossip;

import io.reactivep2p.Libp2p;
import io.reactivep2p.host.Host;
import io.reactivep2p.interop.suite.Layers;
import io.reactivep2p.interop.suite.WebTls;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.PubsubSpec;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.SignaturePolicy;
import io.reactivep2p.pubsub.Validation;
import io.reactivep2p.pubsub.gossipsub.Gossipsub;
import io.reactivep2p.pubsub.wire.PartialSupport;
import io.reactivep2p.stack.StandardStack;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** One node that does as the script says. Waits for what it does, so not for event loops. */
final class ScriptedNode implements AutoCloseable {

    /** As the program of go has it. */
    private static final int MAX_RPC_BYTES = 10 << 20;

    /** All nodes start at once, so one that is dialed may not listen yet. */
    private static final int DIALS = 240;

    private static final Duration BETWEEN_DIALS = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int node;
    private final NodeAddresses addresses;
    private final LogLines log;
    private final Consumer<String> diagnostics;
    private final LongSupplier nanoClock;
    private final long start;
    private final Host host;
    private final Set<Long> own = ConcurrentHashMap.newKeySet();
    private final Set<String> requested = new HashSet<>();
    private final ScriptedPartials partials;
    private @Nullable Gossipsub pubsub;

    ScriptedNode(
            int node, NodeAddresses addresses, LogLines log, Consumer<String> diagnostics, LongSupplier nanoClock) {
        this.node = node;
        this.addresses = addresses;
        this.log = log;
        this.diagnostics = diagnostics;
        this.nanoClock = nanoClock;
        this.partials = new ScriptedPartials(
                (topic, group) ->
                        log.log("All parts received", "group id", Long.toUnsignedString(group), "topic", topic),
                diagnostics);
        this.start = nanoClock.getAsLong();
        this.host = Libp2p.host()
                .identity(NodeAddresses.identity(node))
                .apply(builder -> new Layers("tcp", "noise", "yamux").applyTo(builder, WebTls.trustingAnyone()))
                .apply(StandardStack.services())
                .listen(addresses.listen(node))
                .startNow();
        log.log("PeerID", "id", host.id().toString(), "node_id", node);
    }

    void run(Instruction instruction) {
        diagnostics.accept(instruction.toString());
        if (instruction instanceof Instruction.InitGossipSub init) {
            GossipParams params = new GossipParams(init.params());
            Gossipsub gossipsub = Gossipsub.create(
                    host, spec -> params.applyTo(spec.common(this::messages).partialMessages(partials)));
            partials.publishWith(gossipsub);
            pubsub = gossipsub;
        } else if (instruction instanceof Instruction.Connect connect) {
            connect.nodes().forEach(this::connect);
        } else if (instruction instanceof Instruction.IfNode only) {
            if (only.node() == node) {
                run(only.then());
            }
        } else if (instruction instanceof Instruction.WaitUntil wait) {
            Duration left = wait.elapsed().minusNanos(nanoClock.getAsLong() - start);
            Mono.delay(left.isNegative() ? Duration.ZERO : left).block();
        } else if (instruction instanceof Instruction.Publish publish) {
            publish(publish);
        } else if (instruction instanceof Instruction.Subscribe subscribe) {
            if (subscribe.partial()) {
                pubsub().supportPartial(subscribe.topic(), PartialSupport.REQUESTS);
                requested.add(subscribe.topic());
            }
            // The log tells of messages before this does.
            pubsub().topic(subscribe.topic()).messages(Overflow.latest()).subscribe();
        } else if (instruction instanceof Instruction.ValidationDelay slow) {
            pubsub().topic(slow.topic())
                    .validateWith(message -> Mono.just(Validation.ACCEPT).delayElement(slow.delay()));
        } else if (instruction instanceof Instruction.AddPartial add) {
            partials.add(add.topic(), add.group(), add.parts());
        } else if (instruction instanceof Instruction.PublishPartial publish) {
            publish(publish);
        }
    }

    private void publish(Instruction.PublishPartial publish) {
        if (!requested.contains(publish.topic())) {
            // To those who subscribe to it, without joining it.
            pubsub().supportPartial(publish.topic(), PartialSupport.SENDS);
        }
        List<PeerId> to = publish.nodes().stream().map(NodeAddresses::peer).toList();
        partials.publish(publish.topic(), publish.group(), to).block(PATIENCE);
    }

    private void messages(PubsubSpec spec) {
        spec.signaturePolicy(SignaturePolicy.AUTHORLESS).messageId(this::idOf).maxRpcBytes(MAX_RPC_BYTES);
    }

    /** Asked once for each message that arrives, known or not, and once for what this node publishes. */
    private MessageId idOf(RawMessage message) {
        long id = ByteBuffer.wrap(message.data()).getLong();
        if (!own.remove(id)) {
            log.log("Received Message", "id", Long.toUnsignedString(id), "topic", message.topic());
        }
        return MessageId.of(Arrays.copyOf(message.data(), Long.BYTES));
    }

    private void connect(int other) {
        Mono.defer(() -> host.dial(addresses.dial(other)))
                .retryWhen(Retry.fixedDelay(DIALS, BETWEEN_DIALS))
                .block();
    }

    private void publish(Instruction.Publish publish) {
        byte[] data = new byte[Math.max(Long.BYTES, publish.bytes())];
        ByteBuffer.wrap(data).putLong(publish.message());
        own.add(publish.message());
        pubsub().topic(publish.topic()).publish(data).block(PATIENCE);
    }

    private Gossipsub pubsub() {
        if (pubsub == null) {
            throw new IllegalStateException("the script has no initGossipSub before this");
        }
        return pubsub;
    }

    @Override
    public void close() {
        host.close().block(PATIENCE);
    }
}
