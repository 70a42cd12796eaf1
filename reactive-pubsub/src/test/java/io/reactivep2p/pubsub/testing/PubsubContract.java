package io.reactivep2p.pubsub.testing;

import static io.reactivep2p.pubsub.testing.PubsubNodes.PATIENCE;
import static io.reactivep2p.pubsub.testing.PubsubNodes.await;
import static io.reactivep2p.pubsub.testing.PubsubNodes.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.host.Host;
import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.OverflowException;
import io.reactivep2p.pubsub.PayloadCodec;
import io.reactivep2p.pubsub.PublishException;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.PubsubMessage;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.SignaturePolicy;
import io.reactivep2p.pubsub.Topic;
import io.reactivep2p.pubsub.Validation;
import io.reactivep2p.pubsub.testing.PubsubNodes.Node;
import io.reactivep2p.pubsub.validation.MessageSigner;
import io.reactivep2p.pubsub.wire.Rpc;
import io.reactivep2p.pubsub.wire.Subscription;
import io.reactivep2p.testkit.MemoryDiscovery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What every router's node does as {@link Topic} and {@link io.reactivep2p.pubsub.Pubsub} promise. */
public interface PubsubContract {

    ProtocolId FLOODSUB = ProtocolId.of("/floodsub/1.0.0");

    /** Room for whatever a test sends. */
    Overflow ROOMY = Overflow.dropNewest(100_000);

    PubsubNodes nodes();

    // ---- between nodes ----

    @Test
    default void aSubscriberReceivesWhatAPeerPublishes() {
        Node alice = nodes().start();
        Node bob = nodes().start();
        connect(alice, bob);
        Listening<String> heard = listen(bob, "news");
        awaitSubscriber(alice, "news", bob);

        text(alice, "news").publish("hello").block(PATIENCE);

        await("the message", () -> assertThat(heard.payloads()).containsExactly("hello"));
        PubsubMessage<String> message = heard.messages.peek();
        assertThat(message).isNotNull();
        assertThat(message.topic()).isEqualTo("news");
        assertThat(message.author()).contains(alice.host().id());
        assertThat(message.receivedFrom()).isEqualTo(alice.host().id());
        assertThat(message.sequence()).isPresent();
        assertThat(alice.pubsub().statistics().published()).isEqualTo(1);
        assertThat(bob.pubsub().statistics().delivered()).isEqualTo(1);
    }

    @Test
    default void aPublisherThatSubscribesHearsItself() {
        Node alice = nodes().start();
        Listening<String> heard = listen(alice, "news");

        text(alice, "news").publish("to whom it may concern").block(PATIENCE);

        await("the message", () -> assertThat(heard.payloads()).containsExactly("to whom it may concern"));
        assertThat(Objects.requireNonNull(heard.messages.peek()).receivedFrom())
                .isEqualTo(alice.host().id());
    }

    @Test
    default void publishingWithNobodyThereCompletes() {
        Node alice = nodes().start();

        StepVerifier.create(text(alice, "news").publish("hello?"))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    default void messagesTravelOverAPeerInBetween() {
        Node alice = nodes().start();
        Node bob = nodes().start();
        Node carol = nodes().start();
        connect(alice, bob);
        connect(bob, carol);
        listen(alice, "news");
        Listening<String> atBob = listen(bob, "news");
        Listening<String> atCarol = listen(carol, "news");
        awaitSubscriber(alice, "news", bob);
        awaitSubscriber(bob, "news", carol);

        List<String> sent = numbers(20);
        AtomicInteger greetings = new AtomicInteger();
        // What is published in the heartbeat that makes a mesh reaches neither the mesh nor, by gossip, its new peers.
        await("a way from end to end", () -> {
            text(alice, "news")
                    .publish("greeting " + greetings.getAndIncrement())
                    .block(PATIENCE);
            assertThat(atCarol.payloads()).isNotEmpty();
        });
        sent.forEach(each -> text(alice, "news").publish(each).block(PATIENCE));

        await("all of it", () -> assertThat(atCarol.payloads()).containsAll(sent));
        assertThat(atBob.payloads()).containsAll(sent).doesNotHaveDuplicates();
        assertThat(atCarol.payloads()).doesNotHaveDuplicates();
        assertThat(Objects.requireNonNull(atCarol.messages.peek()).receivedFrom())
                .isEqualTo(bob.host().id());
    }

    @Test
    default void everySubscriberOfATopicHasEveryMessage() {
        Node alice = nodes().start();
        Node bob = nodes().start();
        connect(alice, bob);
        Listening<String> first = listen(bob, "news");
        Listening<String> second = listen(bob, "news");
        awaitSubscriber(alice, "news", bob);

        text(alice, "news").publish("hello").block(PATIENCE);

        await("both", () -> {
            assertThat(first.payloads()).containsExactly("hello");
            assertThat(second.payloads()).containsExactly("hello");
        });
    }

    // ---- joining and leaving ----

    @Test
    default void theFirstSubscriberJoinsAndTheLastLeaves() {
        Node alice = nodes().start();
        Node bob = nodes().start();
        connect(alice, bob);
        List<PubsubEvent> events = new ArrayList<>();
        Disposable watching = text(alice, "news").events().subscribe(event -> {
            synchronized (events) {
                events.add(event);
            }
        });

        Listening<String> first = listen(bob, "news");
        Listening<String> second = listen(bob, "news");
        awaitSubscriber(alice, "news", bob);
        first.stop();
        assertThat(bob.pubsub().topics()).containsExactly("news");
        second.stop();

        await("he left", () -> assertThat(text(alice, "news").peers()).isEmpty());
        assertThat(bob.pubsub().topics()).isEmpty();
        await("the events", () -> {
            synchronized (events) {
                assertThat(events)
                        .contains(
                                new PubsubEvent.PeerSubscribed(bob.host().id(), "news"),
                                new PubsubEvent.PeerUnsubscribed(bob.host().id(), "news"));
            }
        });
        watching.dispose();
    }

    @Test
    default void topicsJoinedBeforeAPeerComesAreToldToIt() {
        Node alice = nodes().start();
        Node bob = nodes().start();
        List<Listening<String>> many =
                IntStream.range(0, 50).mapToObj(i -> listen(bob, "topic-" + i)).toList();

        connect(alice, bob);

        awaitSubscriber(alice, "topic-0", bob);
        awaitSubscriber(alice, "topic-49", bob);
        many.forEach(Listening::stop);
        await("all left", () -> assertThat(text(alice, "topic-49").peers()).isEmpty());
    }

    @Test
    default void aNodeMadeOnAConnectedHostFindsItsPeers() {
        Host first = nodes().startHost();
        Host second = nodes().startHost();
        connect(first, second);
        Node alice = nodes().join(first, spec -> {});
        Node bob = nodes().join(second, spec -> {});
        Listening<String> heard = listen(bob, "news");
        awaitSubscriber(alice, "news", bob);

        publishUntilHeard(alice, "news", "hello", heard);
    }

    @Test
    default void aPeerThatComesBackIsToldAndHeardAgain() {
        Node alice = nodes().start();
        Node bob = nodes().start();
        connect(alice, bob);
        Listening<String> heard = listen(bob, "news");
        awaitSubscriber(alice, "news", bob);

        alice.host()
                .connections(bob.host().id())
                .forEach(connection -> connection.close().block(PATIENCE));
        await("gone", () -> assertThat(alice.pubsub().peers()).isEmpty());
        await("gone", () -> assertThat(bob.pubsub().peers()).isEmpty());
        assertThat(text(alice, "news").peers()).isEmpty();
        connect(alice, bob);
        awaitSubscriber(alice, "news", bob);

        publishUntilHeard(alice, "news", "again", heard);
    }

    // ---- discovery ----

    @Test
    default void nodesThatKnowNothingOfEachOtherMeetByTopic() {
        MemoryDiscovery discovery = MemoryDiscovery.create();
        Host first = nodes().startHost();
        Host second = nodes().startHost();
        Node alice = nodes().join(first, spec -> spec.discovery(discovery.of(first)));
        Node bob = nodes().join(second, spec -> spec.discovery(discovery.of(second)));
        Listening<String> atAlice = listen(alice, "news");
        Listening<String> atBob = listen(bob, "news");
        listen(nodes().start(), "news");

        awaitSubscriber(alice, "news", bob);
        awaitSubscriber(bob, "news", alice);

        publishUntilHeard(alice, "news", "hello", atBob);
        publishUntilHeard(bob, "news", "hello yourself", atAlice);
        assertThat(discovery.advertised("floodsub:news")).containsExactlyInAnyOrder(first.id(), second.id());
        assertThat(alice.pubsub().peers()).containsExactly(second.id());
    }

    // ---- payloads ----

    @Test
    default void payloadsAreTyped() {
        Node alice = nodes().start();
        Node bob = nodes().start();
        connect(alice, bob);
        PayloadCodec<Integer> numbers =
                PayloadCodec.of(number -> new byte[] {number.byteValue()}, data -> (int) data[0]);
        Listening<Integer> heard = new Listening<>(bob.pubsub().topic("numbers", numbers), ROOMY);
        awaitSubscriber(alice, "numbers", bob);

        alice.pubsub().topic("numbers", numbers).publish(42).block(PATIENCE);

        await("the number", () -> assertThat(heard.payloads()).containsExactly(42));
    }

    @Test
    default void whatOneCodecCannotReadAnotherMay() {
        Node alice = nodes().start();
        PayloadCodec<String> picky = PayloadCodec.of(String::getBytes, data -> {
            throw new IllegalArgumentException("never");
        });
        Listening<String> none = new Listening<>(alice.pubsub().topic("news", picky), ROOMY);
        Listening<String> heard = listen(alice, "news");

        text(alice, "news").publish("hello").block(PATIENCE);

        await("the message", () -> assertThat(heard.payloads()).containsExactly("hello"));
        assertThat(none.payloads()).isEmpty();
        assertThat(alice.pubsub().statistics().ignored()).isEqualTo(1);
    }

    @Test
    default void whatIsTooLongIsRefused() {
        Node alice = nodes().start(spec -> spec.maxRpcBytes(64 << 10));
        Topic<byte[]> topic = alice.pubsub().topic("bulk");

        StepVerifier.create(topic.publish(new byte[64 << 10]))
                .expectError(IllegalArgumentException.class)
                .verify(PATIENCE);
        StepVerifier.create(topic.publish(new byte[60 << 10])).expectComplete().verify(PATIENCE);
    }

    @Test
    default void withoutAuthorsMessagesHaveNone() {
        Node alice = nodes().start(spec -> spec.signaturePolicy(SignaturePolicy.AUTHORLESS));
        Node bob = nodes().start(spec -> spec.signaturePolicy(SignaturePolicy.AUTHORLESS));
        connect(alice, bob);
        Listening<String> heard = listen(bob, "news");
        awaitSubscriber(alice, "news", bob);

        text(alice, "news").publish("psst").block(PATIENCE);

        await("the message", () -> assertThat(heard.payloads()).containsExactly("psst"));
        assertThat(Objects.requireNonNull(heard.messages.peek()).author()).isEmpty();
    }

    @Test
    default void messagesUpToTheLimitArrive() {
        Node alice = nodes().start();
        Node bob = nodes().start();
        connect(alice, bob);
        Listening<byte[]> heard = new Listening<>(bob.pubsub().topic("bulk"), ROOMY);
        awaitSubscriber(alice, "bulk", bob);
        byte[] large = new byte[1_000_000];
        large[999_999] = 7;

        alice.pubsub().topic("bulk").publish(large).block(PATIENCE);

        await("all of it", () -> assertThat(heard.payloads()).hasSize(1));
        assertThat(heard.payloads().get(0)).isEqualTo(large);
    }

    // ---- backpressure ----

    @Test
    default void aSlowSubscriberLosesAndOthersDoNot() {
        Node alice = nodes().start();
        Node bob = nodes().start();
        connect(alice, bob);
        Listening<String> quick = listen(bob, "news");
        List<String> slow = new ArrayList<>();
        StepVerifier.Step<String> step = StepVerifier.create(
                        text(bob, "news").messages(Overflow.dropOldest(2)).map(PubsubMessage::payload), 0)
                .then(() -> {
                    awaitSubscriber(alice, "news", bob);
                    for (String each : numbers(10)) {
                        publishUntilHeard(alice, "news", each, quick);
                    }
                })
                .thenRequest(2)
                .consumeNextWith(slow::add)
                .consumeNextWith(slow::add);
        step.thenCancel().verify(PATIENCE);

        assertThat(quick.payloads()).containsExactlyElementsOf(numbers(10));
        assertThat(slow).containsExactly("8", "9");
        assertThat(bob.pubsub().statistics().lostBySubscribers()).isEqualTo(8);
    }

    @Test
    default void aSubscriberThatKeepsTheFirstKeepsTheFirst() {
        Node alice = nodes().start();

        StepVerifier.create(text(alice, "news").messages(Overflow.dropNewest(2)).map(PubsubMessage::payload), 0)
                .then(() -> numbers(5)
                        .forEach(each -> text(alice, "news").publish(each).block(PATIENCE)))
                .thenRequest(3)
                .expectNext("0", "1")
                .then(() -> text(alice, "news").publish("later").block(PATIENCE))
                .expectNext("later")
                .thenCancel()
                .verify(PATIENCE);

        assertThat(alice.pubsub().statistics().lostBySubscribers()).isEqualTo(3);
    }

    @Test
    default void aSubscriberThatMustNotLoseFails() {
        Node alice = nodes().start();

        StepVerifier.create(text(alice, "news").messages(Overflow.error(2)).map(PubsubMessage::payload), 0)
                .then(() -> numbers(3)
                        .forEach(each -> text(alice, "news").publish(each).block(PATIENCE)))
                .thenRequest(3)
                .expectNext("0", "1")
                .expectError(OverflowException.class)
                .verify(PATIENCE);
        assertThat(alice.pubsub().topics()).isEmpty();
    }

    @Test
    default void publishAllDeliversEverythingInOrder() {
        Node alice = nodes().start();
        Node bob = nodes().start();
        connect(alice, bob);
        Listening<String> heard = listen(bob, "news");
        awaitSubscriber(alice, "news", bob);
        publishUntilHeard(alice, "news", "first", heard);
        List<String> sent = numbers(3_000);

        text(alice, "news").publishAll(Flux.fromIterable(sent)).block(PATIENCE);

        await("all of it", () -> assertThat(heard.payloads()).hasSize(3_001));
        assertThat(heard.payloads().subList(1, 3_001)).containsExactlyElementsOf(sent);
        assertThat(alice.pubsub().statistics().lostByPeers()).isZero();
    }

    @Test
    default void publishAllWaitsForPeersThatDoNotRead() {
        Node alice = nodes().start();
        RawPeer stalled = new RawPeer(nodes().startHost(), FLOODSUB, false).connect(alice.host());
        stalled.send(Rpc.ofSubscriptions(List.of(Subscription.join("bulk"))));
        await("its subscription", () -> assertThat(alice.pubsub().topic("bulk").peers())
                .containsExactly(stalled.host().id()));
        AtomicLong requested = new AtomicLong();
        Flux<byte[]> endless = Flux.<byte[]>generate(sink -> sink.next(new byte[32 << 10]))
                .doOnNext(each -> requested.incrementAndGet());

        Disposable publishing = alice.pubsub().topic("bulk").publishAll(endless).subscribe();

        long[] last = {-1};
        await("a standstill", () -> {
            long before = last[0];
            last[0] = requested.get();
            Mono.delay(Duration.ofMillis(100)).block();
            assertThat(last[0]).isPositive().isEqualTo(before);
        });
        // Half of the queue, what the stream holds, and its windows.
        assertThat(last[0] * (32 << 10)).isLessThan(24 << 20);
        assertThat(alice.pubsub().statistics().lostByPeers()).isZero();
        publishing.dispose();
        stalled.close();
    }

    @Test
    default void publishAllGoesOnWhenASlowPeerLeaves() {
        Node alice = nodes().start();
        RawPeer stalled = new RawPeer(nodes().startHost(), FLOODSUB, false).connect(alice.host());
        stalled.send(Rpc.ofSubscriptions(List.of(Subscription.join("bulk"))));
        await("its subscription", () -> assertThat(alice.pubsub().topic("bulk").peers())
                .hasSize(1));
        AtomicLong requested = new AtomicLong();
        Flux<byte[]> much =
                Flux.range(0, 2_000).map(i -> new byte[32 << 10]).doOnNext(each -> requested.incrementAndGet());
        Sinks.Empty<Void> done = Sinks.empty();
        alice.pubsub().topic("bulk").publishAll(much).subscribe(none -> {}, done::tryEmitError, done::tryEmitEmpty);
        await("it began", () -> assertThat(requested.get()).isGreaterThan(64));
        assertThat(requested.get()).isLessThan(2_000);

        stalled.connection().dispose();

        done.asMono().block(PATIENCE);
        assertThat(requested.get()).isEqualTo(2_000);
    }

    @Test
    default void publishAllFailsWithItsPublisher() {
        Node alice = nodes().start();

        StepVerifier.create(text(alice, "news")
                        .publishAll(Flux.just("one").concatWith(Mono.error(new IllegalStateException("on purpose")))))
                .expectErrorMessage("on purpose")
                .verify(PATIENCE);
        assertThat(alice.pubsub().statistics().published()).isEqualTo(1);
    }

    // ---- validators ----

    @Test
    default void aValidatorDecidesWhatIsDelivered() {
        Node alice = nodes().start();
        Node bob = nodes().start();
        connect(alice, bob);
        Disposable validating = text(bob, "news")
                .validateWith(message -> Mono.delay(Duration.ofMillis(1)).map(tick -> switch (message.payload()) {
                    case "bad" -> Validation.REJECT;
                    case "dull" -> Validation.IGNORE;
                    default -> Validation.ACCEPT;
                }));
        Listening<String> heard = listen(bob, "news");
        awaitSubscriber(alice, "news", bob);

        for (String each : List.of("bad", "dull", "good")) {
            text(alice, "news").publish(each).block(PATIENCE);
        }

        await("the good one", () -> assertThat(heard.payloads()).containsExactly("good"));
        await("the counts", () -> {
            assertThat(bob.pubsub().statistics().rejected()).isEqualTo(1);
            assertThat(bob.pubsub().statistics().ignored()).isEqualTo(1);
        });
        validating.dispose();
        publishUntilHeard(alice, "news", "bad", heard);
    }

    @Test
    default void aValidatorThatTakesTooLongIgnores() {
        Node alice = nodes().start(spec -> spec.validatorTimeout(Duration.ofMillis(20)));
        Map<String, Boolean> cancelled = new ConcurrentHashMap<>();
        text(alice, "news").validateWith(message -> Mono.<Validation>never()
                .doOnCancel(() -> cancelled.put(message.payload(), true)));

        StepVerifier.create(text(alice, "news").publish("hello"))
                .expectErrorSatisfies(cause -> assertThat(cause)
                        .isInstanceOfSatisfying(PublishException.class, refused -> assertThat(refused.validation())
                                .isEqualTo(Validation.IGNORE)))
                .verify(PATIENCE);
        assertThat(cancelled).containsKey("hello");
    }

    @Test
    default void ourOwnValidatorsJudgeWhatWePublish() {
        Node alice = nodes().start();
        Listening<String> heard = listen(alice, "news");
        text(alice, "news")
                .validateWith(
                        message -> Mono.just(message.payload().isEmpty() ? Validation.REJECT : Validation.ACCEPT));

        assertThatThrownBy(() -> text(alice, "news").publish("").block(PATIENCE))
                .isInstanceOfSatisfying(PublishException.class, refused -> assertThat(refused.validation())
                        .isEqualTo(Validation.REJECT));
        text(alice, "news").publish("something").block(PATIENCE);

        await("the good one", () -> assertThat(heard.payloads()).containsExactly("something"));
    }

    @Test
    default void tooManyMessagesBeforeTheirValidatorsAreIgnored() {
        Node alice = nodes().start(spec -> spec.maxValidations(3, 2));
        Sinks.One<Validation> later = Sinks.one();
        text(alice, "news").validateWith(message -> later.asMono());
        text(alice, "sport").validateWith(message -> later.asMono());
        Sinks.Empty<Void> first = publishing(alice, "news");
        Sinks.Empty<Void> second = publishing(alice, "news");

        assertThatThrownBy(
                        () -> text(alice, "news").publish("third of its topic").block(PATIENCE))
                .isInstanceOf(PublishException.class);
        Sinks.Empty<Void> third = publishing(alice, "sport");
        assertThatThrownBy(() -> text(alice, "sport").publish("fourth of all").block(PATIENCE))
                .isInstanceOf(PublishException.class);

        later.tryEmitValue(Validation.ACCEPT);
        first.asMono().block(PATIENCE);
        second.asMono().block(PATIENCE);
        third.asMono().block(PATIENCE);
        text(alice, "news").publish("room again").block(PATIENCE);
    }

    // ---- bad input ----

    @Test
    default void aMalformedRpcResetsItsStreamAndIsCounted() {
        Node alice = nodes().start();
        RawPeer peer = new RawPeer(nodes().startHost(), FLOODSUB, true).connect(alice.host());

        peer.send(new byte[] {3, 0x0a, 0x7f, 0x00});

        await("the reset", () -> assertThat(peer.out().isDisposed()).isTrue());
        await("the count", () -> assertThat(alice.pubsub().statistics().malformedRpcs())
                .isEqualTo(1));
        assertThat(peer.connection().isDisposed()).isFalse();
        peer.close();
    }

    @Test
    default void anOversizedRpcIsRefusedOnItsLength() {
        Node alice = nodes().start(spec -> spec.maxRpcBytes(64 << 10));
        RawPeer peer = new RawPeer(nodes().startHost(), FLOODSUB, true).connect(alice.host());

        peer.send(new byte[] {(byte) 0x81, (byte) 0x80, 0x04}); // 65,537

        await("the reset", () -> assertThat(peer.out().isDisposed()).isTrue());
        assertThat(alice.pubsub().statistics().malformedRpcs()).isEqualTo(1);
        peer.close();
    }

    @Test
    default void messagesThatAreNotSignedByTheirAuthorAreRejected() {
        Node alice = nodes().start();
        Listening<String> heard = listen(alice, "news");
        Host mallory = nodes().startHost();
        RawPeer peer = new RawPeer(mallory, FLOODSUB, true).connect(alice.host());
        MessageSigner signer = MessageSigner.create(mallory.identity(), SignaturePolicy.STRICT_SIGN, () -> 1);
        RawMessage signed = signer.sign("news", "true".getBytes());

        peer.send(Rpc.ofMessage(new RawMessage(signed.from(), signed.data(), signed.seqno(), "news", null, null)));
        peer.send(Rpc.ofMessage(
                new RawMessage(signed.from(), "false".getBytes(), signed.seqno(), "news", signed.signature(), null)));
        peer.send(Rpc.ofMessage(new RawMessage(
                alice.host().id().toBytes(), signed.data(), signed.seqno(), "news", signed.signature(), null)));
        peer.send(Rpc.ofMessage(signed));
        peer.send(Rpc.ofMessage(signed));
        peer.send(Rpc.ofMessage(signer.sign("other", "unasked".getBytes())));

        await("the true one, which the forged ones have not shadowed", () -> assertThat(heard.payloads())
                .containsExactly("true"));
        await("the counts", () -> {
            assertThat(alice.pubsub().statistics().received()).isEqualTo(6);
            assertThat(alice.pubsub().statistics().rejected()).isEqualTo(3);
            assertThat(alice.pubsub().statistics().duplicates()).isEqualTo(1);
            assertThat(alice.pubsub().statistics().ignored()).isEqualTo(1);
        });
        peer.close();
    }

    /** Under a clock that stands still all but the first message of a stream have been waited for. */
    @Test
    default void copiesOfAMessageThatIsBeingVerifiedWaitForItsVerdict() {
        HeldWork held = new HeldWork();
        Node alice = nodes().start(spec -> spec.verification(held).nanoClock(() -> 0));
        Listening<String> heard = listen(alice, "news");
        Host author = nodes().startHost();
        MessageSigner signer = MessageSigner.create(author.identity(), SignaturePolicy.STRICT_SIGN, () -> 1);
        RawPeer first = new RawPeer(author, FLOODSUB, true).connect(alice.host());
        RawPeer second = new RawPeer(nodes().startHost(), FLOODSUB, true).connect(alice.host());
        first.send(Rpc.ofMessage(signer.sign("news", "one".getBytes())));
        second.send(Rpc.ofMessage(signer.sign("news", "two".getBytes())));
        await("what came by itself", () -> assertThat(heard.payloads()).containsExactlyInAnyOrder("one", "two"));
        RawMessage three = signer.sign("news", "three".getBytes());
        RawMessage four = signer.sign("news", "four".getBytes());
        RawMessage forged =
                new RawMessage(four.from(), "forged".getBytes(), four.seqno(), "news", four.signature(), null);

        first.send(Rpc.ofMessage(three));
        first.send(Rpc.ofMessage(forged));
        await("two to verify", () -> assertThat(held.size()).isEqualTo(2));
        second.send(Rpc.ofMessage(three));
        second.send(Rpc.ofMessage(four));
        await("all", () -> assertThat(alice.pubsub().statistics().received()).isEqualTo(6));
        assertThat(held.size()).as("verifications of copies").isEqualTo(2);
        held.run(0);
        held.run(0);

        await("the verification of the true one", () -> assertThat(held.size()).isEqualTo(1));
        held.run(0);
        await("all four", () -> assertThat(heard.payloads()).endsWith("three", "four"));
        assertThat(alice.pubsub().statistics().duplicates()).isEqualTo(1);
        assertThat(alice.pubsub().statistics().rejected()).isEqualTo(1);
        first.close();
        second.close();
    }

    @Test
    default void whatIsBeingVerifiedWhenItsStreamEndsIsHeardInOrder() {
        HeldWork held = new HeldWork();
        Node alice = nodes().start(spec -> spec.verification(held).nanoClock(() -> 0));
        Listening<String> heard = listen(alice, "news");
        Host author = nodes().startHost();
        MessageSigner signer = MessageSigner.create(author.identity(), SignaturePolicy.STRICT_SIGN, () -> 1);
        RawPeer peer = new RawPeer(author, FLOODSUB, true).connect(alice.host());
        for (String text : List.of("one", "two", "three")) {
            peer.send(Rpc.ofMessage(signer.sign("news", text.getBytes())));
        }
        await("two to verify", () -> assertThat(held.size()).isEqualTo(2));
        peer.close();
        peer.connection().close().block(PATIENCE);
        await("the end of the connection", () -> assertThat(alice.host().connections())
                .isEmpty());
        assertThat(heard.payloads()).containsExactly("one");
        held.run(1);
        held.run(0);

        await("all", () -> assertThat(heard.payloads()).containsExactly("one", "two", "three"));
    }

    @Test
    default void subscriptionsOfAPeerAreBounded() {
        Node alice = nodes().start(spec -> spec.maxSubscriptions(10, 15));
        RawPeer first = new RawPeer(nodes().startHost(), FLOODSUB, true).connect(alice.host());
        RawPeer second = new RawPeer(nodes().startHost(), FLOODSUB, true).connect(alice.host());
        List<Subscription> many =
                numbers(1_000).stream().map(Subscription::join).toList();

        first.send(Rpc.ofSubscriptions(many));
        await("the first", () -> assertThat(alice.pubsub().topic("9").peers()).hasSize(1));
        second.send(Rpc.ofSubscriptions(many));
        await("the second", () -> assertThat(alice.pubsub().topic("4").peers()).hasSize(2));

        assertThat(alice.pubsub().topic("10").peers()).isEmpty();
        assertThat(alice.pubsub().topic("5").peers()).hasSize(1);
        first.connection().dispose();
        await("room again", () -> {
            second.send(Rpc.ofSubscriptions(List.of(Subscription.join("5"))));
            assertThat(alice.pubsub().topic("5").peers())
                    .containsExactly(second.host().id());
        });
        second.close();
    }

    @Test
    default void aNewerStreamOfAPeerReplacesTheOld() {
        Node alice = nodes().start();
        RawPeer peer = new RawPeer(nodes().startHost(), FLOODSUB, true).connect(alice.host());
        peer.send(Rpc.ofSubscriptions(List.of(Subscription.join("zero"))));
        peer.send(Rpc.ofSubscriptions(List.of(Subscription.join("one"))));
        await("the first", () -> assertThat(alice.pubsub().topic("one").peers()).hasSize(1));
        var former = peer.out();

        peer.open(peer.connection());
        peer.send(Rpc.ofSubscriptions(List.of(Subscription.join("two"))));

        await("the second", () -> assertThat(alice.pubsub().topic("two").peers())
                .hasSize(1));
        await("the end of the first", () -> assertThat(former.isDisposed()).isTrue());
        assertThat(alice.pubsub().topic("one").peers()).hasSize(1);
        peer.close();
    }

    @Test
    default void aStreamThatIsResetIsOpenedAgain() {
        Node alice = nodes().start();
        RawPeer peer = new RawPeer(nodes().startHost(), FLOODSUB, true).connect(alice.host());
        Listening<String> heard = listen(alice, "news");
        peer.send(Rpc.ofSubscriptions(List.of(Subscription.join("topic"))));
        await("a stream", () -> assertThat(peer.received()).hasSize(1));

        Objects.requireNonNull(peer.in()).dispose();

        await("another", () -> assertThat(peer.streams()).isEqualTo(2));
        await("it begins anew", () -> assertThat(peer.received()).hasSize(2));
        assertThat(peer.received().get(1).subscriptions()).containsExactly(Subscription.join("news"));
        await(
                "what it said before still holds",
                () -> assertThat(alice.pubsub().topic("topic").peers()).hasSize(1));
        heard.stop();
        peer.close();
    }

    @Test
    default void whatAPeerSaidBeforeItClosedIsHeard() {
        Node alice = nodes().start(spec -> spec.signaturePolicy(SignaturePolicy.AUTHORLESS));
        RawPeer peer = new RawPeer(nodes().startHost(), FLOODSUB, true).connect(alice.host());
        Listening<String> heard = listen(alice, "news");
        await("a stream", () -> assertThat(peer.received()).hasSize(1));

        peer.stopServing();
        await("its end", () -> assertThat(
                        alice.host().connections().iterator().next().streams())
                .noneMatch(stream -> stream.direction().isInitiator()));
        peer.send(Rpc.ofMessage(
                new RawMessage(null, "last words".getBytes(StandardCharsets.UTF_8), null, "news", null, null)));
        peer.out().close().block(PATIENCE);
        peer.connection().close().block(PATIENCE);

        await("what it said", () -> assertThat(heard.payloads()).containsExactly("last words"));
        heard.stop();
    }

    // ---- the end ----

    @Test
    default void closingEndsSubscribersAndTellsPeers() {
        Node alice = nodes().start();
        Node bob = nodes().start();
        connect(alice, bob);
        Listening<String> heard = listen(bob, "news");
        awaitSubscriber(alice, "news", bob);

        bob.pubsub().close().block(PATIENCE);

        assertThat(heard.completed()).isTrue();
        assertThat(bob.pubsub().isDisposed()).isTrue();
        await("he left", () -> assertThat(text(alice, "news").peers()).isEmpty());
        StepVerifier.create(text(bob, "news").publish("too late"))
                .expectError(IllegalStateException.class)
                .verify(PATIENCE);
        StepVerifier.create(text(bob, "news").messages(ROOMY)).expectComplete().verify(PATIENCE);
        StepVerifier.create(bob.pubsub().events()).expectComplete().verify(PATIENCE);
        bob.pubsub().close().block(PATIENCE);
        assertThat(bob.host().connections()).hasSize(1);
        bob.pubsub().onDispose().block(PATIENCE);
    }

    @Test
    default void pubsubEndsWithItsHost() {
        Node alice = nodes().start();
        Node bob = nodes().start();
        connect(alice, bob);
        Listening<String> heard = listen(bob, "news");
        awaitSubscriber(alice, "news", bob);

        bob.host().close().block(PATIENCE);

        bob.pubsub().onDispose().block(PATIENCE);
        assertThat(heard.completed()).isTrue();
        await("he is gone", () -> assertThat(alice.pubsub().peers()).isEmpty());
    }

    @Test
    default void closingDoesNotWaitForeverForAPeerThatDoesNotRead() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        Node alice = nodes().start(spec -> spec.timer(time));
        RawPeer stalled = new RawPeer(nodes().startHost(), FLOODSUB, false).connect(alice.host());
        stalled.send(Rpc.ofSubscriptions(List.of(Subscription.join("bulk"))));
        await("its subscription", () -> assertThat(alice.pubsub().topic("bulk").peers())
                .hasSize(1));
        Disposable publishing = alice.pubsub()
                .topic("bulk")
                .publishAll(Flux.range(0, 200).map(i -> new byte[32 << 10]))
                .subscribe(none -> {}, cause -> {});

        CompletableFuture<Void> closing = alice.pubsub().close().toFuture();
        assertThat(closing).isNotDone();

        await("the end", () -> {
            time.advanceTimeBy(Duration.ofSeconds(2)); // another thread may only be about to begin with it
            assertThat(closing).isCompleted();
        });
        publishing.dispose();
        stalled.close();
    }

    @Test
    default void twoNodesOnOneHostAreRefused() {
        Node alice = nodes().start();

        assertThatThrownBy(() -> nodes().join(alice.host(), spec -> {})).isInstanceOf(IllegalStateException.class);
    }

    // ---- what tests are written with ----

    /** Someone who takes all messages. */
    final class Listening<T> {

        public final ConcurrentLinkedQueue<PubsubMessage<T>> messages = new ConcurrentLinkedQueue<>();
        private final Disposable subscription;
        private volatile boolean done;

        public Listening(Topic<T> topic, Overflow overflow) {
            subscription = topic.messages(overflow).subscribe(messages::add, cause -> {}, () -> done = true);
        }

        public List<T> payloads() {
            return messages.stream().map(PubsubMessage::payload).toList();
        }

        public boolean completed() {
            return done;
        }

        public void stop() {
            subscription.dispose();
        }
    }

    static Topic<String> text(Node node, String topic) {
        return node.pubsub().topic(topic, PayloadCodec.text());
    }

    static Listening<String> listen(Node node, String topic) {
        return new Listening<>(text(node, topic), ROOMY);
    }

    static void awaitSubscriber(Node node, String topic, Node subscriber) {
        await("the subscription", () -> assertThat(text(node, topic).peers())
                .contains(subscriber.host().id()));
    }

    /** To a neighbour, so that no mesh is needed. */
    static void publishUntilHeard(Node from, String topic, String payload, Listening<String> heard) {
        text(from, topic).publish(payload).block(PATIENCE);
        await(payload + " is heard", () -> assertThat(heard.payloads()).contains(payload));
    }

    private static Sinks.Empty<Void> publishing(Node node, String topic) {
        Sinks.Empty<Void> done = Sinks.empty();
        text(node, topic).publish("waits").subscribe(none -> {}, done::tryEmitError, done::tryEmitEmpty);
        return done;
    }

    static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
