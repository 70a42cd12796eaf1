package io.reactivep2p.protocol.identify;

import static io.reactivep2p.testing.TestHosts.PATIENCE;
import static io.reactivep2p.testing.TestHosts.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.event.HostEvent.PeerIdentified;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Varint;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peerstore.Peerstore;
import io.reactivep2p.peerstore.PeerstoreOptions;
import io.reactivep2p.protocol.identify.pb.IdentifyProto;
import io.reactivep2p.record.PeerRecord;
import io.reactivep2p.testing.TestHosts;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class IdentifyTest {

    private static final ProtocolId NEWS = ProtocolId.of("/news/1.0.0");
    private static final IdentifyOptions OPTIONS = IdentifyOptions.defaults();

    @RegisterExtension
    final TestHosts hosts = new TestHosts();

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<PeerIdentified> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void stopTime() {
        time.dispose();
    }

    @Test
    void bothSidesKnowEachOtherAfterTheyConnected() {
        Host listener = identifying("listener/1");
        Host dialer = identifying("dialer/2");
        dialer.events(PeerIdentified.class).subscribe(heard::add);
        listener.events(PeerIdentified.class).subscribe(heard::add);

        Connection connection = connect(dialer, listener);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).hasSize(2));
        assertKnows(dialer, listener, "listener/1");
        assertKnows(listener, dialer, "dialer/2");
        PeerIdentified event = heard.stream()
                .filter(e -> e.peer().equals(listener.id()))
                .findFirst()
                .orElseThrow();
        assertThat(event.connection()).isSameAs(connection);
        assertThat(event.protocolVersion()).isEqualTo("ipfs/0.1.0");
        assertThat(event.agentVersion()).isEqualTo("listener/1");
        assertThat(event.protocols()).isEqualTo(listener.protocols());
        assertThat(event.listenAddresses()).isEqualTo(listener.addresses());
        assertThat(event.observedAddress()).contains(connection.localAddress());
        assertThat(event.signed()).isTrue();
        assertThat(event.pushed()).isFalse();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(connection.streams()).isEmpty());
    }

    private static void assertKnows(Host who, Host whom, String agent) {
        Peerstore store = who.peerstore();
        assertThat(store.protocols(whom.id())).isEqualTo(whom.protocols()).contains(Identify.PROTOCOL, Identify.PUSH);
        assertThat(store.addresses(whom.id())).containsExactlyInAnyOrderElementsOf(whom.addresses());
        assertThat(store.key(whom.id())).isPresent();
        assertThat(store.metadata(whom.id(), Identify.AGENT_VERSION)).contains(agent);
        assertThat(store.metadata(whom.id(), Identify.PROTOCOL_VERSION)).contains("ipfs/0.1.0");
    }

    @Test
    void aNewProtocolIsPushedAfterTheDelay() {
        Host changing = identifying("changing");
        Host other = identifying("other");
        meet(other, changing);

        changing.handle(NEWS, stream -> Mono.never());
        time.advanceTimeBy(OPTIONS.pushDelay().minusNanos(1));
        assertThat(heard).isEmpty();
        time.advanceTimeBy(Duration.ofNanos(1));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).hasSize(1));
        assertThat(heard.get(0).pushed()).isTrue();
        assertThat(other.peerstore().supports(changing.id(), NEWS)).isTrue();
    }

    @Test
    void aNewListenAddressIsPushedWithItsSignedRecord() {
        Host changing = identifying("changing");
        Host other = identifying("other");
        meet(other, changing);

        Multiaddr added = changing.listen(Multiaddr.of("/memory/0")).block(PATIENCE);
        time.advanceTimeBy(OPTIONS.pushDelay());

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).hasSize(1));
        assertThat(heard.get(0).signed()).isTrue();
        assertThat(other.peerstore().addresses(changing.id()))
                .contains(added)
                .containsExactlyInAnyOrderElementsOf(changing.addresses());
        assertThat(other.peerstore().signedRecord(changing.id())).hasValueSatisfying(held -> assertThat(held)
                .isEqualTo(changing.peerRecord().toBytes()));
    }

    @Test
    void changesThatFollowEachOtherArePushedTogetherAndNoStreamOfThemDefersThePush() {
        Host changing = identifying("changing");
        Host other = identifying("other");
        meet(other, changing);
        Duration half = OPTIONS.pushDelay().dividedBy(2);

        for (int i = 0; i < 10; i++) {
            changing.handle(ProtocolId.of("/many/" + i), stream -> Mono.never());
        }
        time.advanceTimeBy(half);
        changing.handle(NEWS, stream -> Mono.never());
        time.advanceTimeBy(half);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).hasSize(1));
        assertThat(heard.get(0).protocols()).isEqualTo(changing.protocols()).contains(NEWS);
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(heard).hasSize(1);
    }

    /** Connects the two, and hears from then on what {@code other} is told. */
    private void meet(Host other, Host changing) {
        time.advanceTimeBy(Duration.ofSeconds(1)); // past what the start of each would push
        AtomicReference<Integer> met = new AtomicReference<>(0);
        other.events(PeerIdentified.class).subscribe(e -> met.updateAndGet(n -> n + 1));
        changing.events(PeerIdentified.class).subscribe(e -> met.updateAndGet(n -> n + 1));
        connect(other, changing);
        await().atMost(PATIENCE).until(() -> met.get() == 2);
        other.events(PeerIdentified.class).subscribe(heard::add);
    }

    @Test
    void addressesAreBelievedForAWhileAfterThePeerHasGone() {
        AtomicLong clock = new AtomicLong();
        Peerstore store = Peerstore.inMemory(new PeerstoreOptions(100, 100, 100, clock::get));
        Host listener = identifying("listener");
        Host dialer = identifyingWith(store);
        Connection connection = connect(dialer, listener);
        await().atMost(PATIENCE).until(() -> store.metadata(listener.id(), Identify.AGENT_VERSION)
                .isPresent());
        clock.addAndGet(Duration.ofDays(30).toNanos());
        assertThat(store.addresses(listener.id())).isNotEmpty();

        connection.close().block(PATIENCE);
        clock.addAndGet(Peerstore.RECENTLY_CONNECTED_TTL.toNanos() - 1);
        assertThat(store.addresses(listener.id())).isNotEmpty();
        clock.addAndGet(1);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(store.addresses(listener.id())).isEmpty());
    }

    private Host identifyingWith(Peerstore store) {
        return hosts.start(builder -> builder.peerstore(store).service(Identify.create(OPTIONS, time)));
    }

    // ---- what a peer may send ----

    @Test
    void upToTenMessagesAreMerged() {
        Peer peer = new Peer();
        PeerIdentified said = peer.says(IntStream.range(0, IdentifyReader.MAX_MESSAGES)
                        .mapToObj(i -> message(m -> m.addProtocols("/part/" + i).setAgentVersion("agent " + i)))
                        .toArray(ByteBuf[]::new))
                .block(PATIENCE);

        assertThat(said.protocols()).hasSize(IdentifyReader.MAX_MESSAGES);
        assertThat(said.agentVersion()).isEqualTo("agent 9");
    }

    @Test
    void theEleventhMessageIsAViolation() {
        Peer peer = new Peer();
        peer.isRefused(IntStream.rangeClosed(0, IdentifyReader.MAX_MESSAGES)
                .mapToObj(i -> message(m -> m.addProtocols("/part/" + i)))
                .toArray(ByteBuf[]::new));
    }

    @Test
    void aMessageOverEightKibibytesIsRefusedForItsDeclaredLength() {
        Peer peer = new Peer();
        peer.staysOpen = true; // nothing but the length ever comes
        peer.isRefused(Unpooled.wrappedBuffer(Varint.toBytes(IdentifyReader.MAX_BYTES + 1)));
    }

    @Test
    void aMessageOfEightKibibytesIsRead() {
        Peer peer = new Peer();
        byte[] longest = IdentifyProto.Identify.newBuilder()
                .setAgentVersion("a".repeat(IdentifyReader.MAX_BYTES - 3))
                .build()
                .toByteArray();
        assertThat(longest).hasSize(IdentifyReader.MAX_BYTES);

        assertThat(peer.says(framed(longest)).block(PATIENCE).agentVersion()).startsWith("aaaa");
    }

    @Test
    void aMessageThatIsCutShortIsAnError() {
        Peer peer = new Peer();
        ByteBuf whole = message(m -> m.setAgentVersion("agent"));
        ByteBuf cut = Unpooled.copiedBuffer(whole.slice(0, whole.readableBytes() - 1));
        whole.release();

        peer.isRefused(cut);
    }

    @Test
    void anAddressOrProtocolThatCannotBeReadIsSkipped() {
        Peer peer = new Peer();
        PeerIdentified said = peer.says(message(m -> m.addListenAddrs(ByteString.copyFrom(new byte[] {1, 2, 3}))
                        .addListenAddrs(ByteString.EMPTY)
                        .addListenAddrs(bytes("/ip4/203.0.113.1/tcp/1"))
                        .setObservedAddr(ByteString.copyFromUtf8("nonsense"))
                        .addProtocols("")
                        .addProtocols("no slash")
                        .addProtocols("/with\nfeed")
                        .addProtocols("/" + "x".repeat(2_000))
                        .addProtocols("/good/1.0.0")))
                .block(PATIENCE);

        assertThat(said.listenAddresses()).containsExactly(Multiaddr.of("/ip4/203.0.113.1/tcp/1"));
        assertThat(said.protocols()).containsExactly(ProtocolId.of("/good/1.0.0"));
        assertThat(said.observedAddress()).isEmpty();
    }

    @Test
    void theObservedAddressComesWithoutOurOwnName() {
        Peer peer = new Peer();
        PeerIdentified said = peer.says(message(m -> m.setObservedAddr(
                        bytes("/ip4/203.0.113.1/tcp/1/p2p/12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5"))))
                .block(PATIENCE);

        assertThat(said.observedAddress()).contains(Multiaddr.of("/ip4/203.0.113.1/tcp/1"));
    }

    @Test
    void anAddressOfAnotherPeerIsSkippedAndOnesOwnNameIsDropped() {
        Peer peer = new Peer();
        PeerId stranger = PeerId.of(KeyPair.generate().publicKey());
        PeerIdentified said = peer.says(message(m -> m.addListenAddrs(bytes("/ip4/203.0.113.1/tcp/1/p2p/" + stranger))
                        .addListenAddrs(bytes("/p2p/" + peer.id()))
                        .addListenAddrs(bytes("/ip4/203.0.113.2/tcp/1/p2p/" + peer.id()))
                        .addListenAddrs(bytes("/ip4/203.0.113.3/tcp/1/p2p/" + stranger + "/p2p-circuit"))))
                .block(PATIENCE);

        assertThat(said.listenAddresses())
                .containsExactly(
                        Multiaddr.of("/ip4/203.0.113.2/tcp/1"),
                        Multiaddr.of("/ip4/203.0.113.3/tcp/1/p2p/" + stranger + "/p2p-circuit"));
    }

    @Test
    void theKeyOfAnotherPeerMakesTheMessageVoid() {
        Peer peer = new Peer();
        peer.isRefused(message(m -> m.setPublicKey(
                        ByteString.copyFrom(KeyPair.generate().publicKey().encode()))
                .setAgentVersion("liar")
                .addProtocols("/liar/1.0.0")));
    }

    @Test
    void aMalformedKeyMakesTheMessageVoid() {
        Peer peer = new Peer();
        peer.isRefused(
                message(m -> m.setPublicKey(ByteString.copyFromUtf8("no key")).addProtocols("/liar/1.0.0")));
    }

    @Test
    @DisplayName(
            "RUSTSEC-2022-0009: a record signed by another peer than it is about, or about another than who sends it, is void")
    void theSignedRecordOfAnotherPeerMakesTheMessageVoid() {
        KeyPair stranger = KeyPair.generate();
        byte[] record = new PeerRecord(
                        PeerId.of(stranger.publicKey()), 1, List.of(Multiaddr.of("/ip4/203.0.113.1/tcp/1")))
                .seal(stranger)
                .toBytes();
        byte[] damaged = record.clone();
        damaged[damaged.length - 1] ^= 1;

        new Peer().isRefused(message(m -> m.setSignedPeerRecord(ByteString.copyFrom(record))
                .addProtocols("/liar/1.0.0")));
        new Peer().isRefused(message(m -> m.setSignedPeerRecord(ByteString.copyFrom(damaged))
                .addProtocols("/liar/1.0.0")));
    }

    @Test
    @DisplayName("go#3501: of more than 1,024 protocols in chunks 1,024 are kept")
    void protocolsAreCapped() {
        Peer peer = new Peer();
        PeerIdentified said = peer.says(IntStream.range(0, 10)
                        .mapToObj(part -> message(
                                m -> IntStream.range(0, 200).forEach(i -> m.addProtocols("/flood/" + part + "/" + i))))
                        .toArray(ByteBuf[]::new))
                .block(PATIENCE);

        assertThat(said.protocols()).hasSize(IdentifyReader.MAX_PROTOCOLS);
        assertThat(peer.asker.peerstore().protocols(peer.id())).hasSize(IdentifyReader.MAX_PROTOCOLS);
    }

    @Test
    @DisplayName("go#3486: of more than 100 addresses 100 are kept")
    void addressesAreCapped() {
        Peer peer = new Peer();
        PeerIdentified said = peer.says(
                        message(m -> addresses(400).forEach(a -> m.addListenAddrs(ByteString.copyFrom(a.toBytes())))))
                .block(PATIENCE);

        assertThat(said.listenAddresses()).hasSize(IdentifyReader.MAX_ADDRESSES);
        assertThat(peer.asker.peerstore().addresses(peer.id())).hasSizeLessThanOrEqualTo(100);
    }

    @Test
    @DisplayName(
            "go#3487, CVE-2023-40583: of more than 100 signed addresses 100 are kept, and the next record replaces them")
    void signedAddressesAreCapped() {
        Peer peer = new Peer();
        assertThat(peer.says(message(m -> m.setSignedPeerRecord(peer.record(1, addresses(400)))))
                        .block(PATIENCE)
                        .listenAddresses())
                .hasSize(IdentifyReader.MAX_ADDRESSES);

        List<Multiaddr> next = List.of(Multiaddr.of("/ip4/203.0.113.9/tcp/9"));
        peer.says(message(m -> m.setSignedPeerRecord(peer.record(2, next)))).block(PATIENCE);
        assertThat(peer.asker.peerstore().addresses(peer.id())).isEqualTo(next);
        peer.says(message(m -> m.setSignedPeerRecord(peer.record(1, addresses(3)))))
                .block(PATIENCE);
        assertThat(peer.asker.peerstore().addresses(peer.id())).isEqualTo(next);
    }

    @Test
    void aPeerThatDoesNotAnswerIsGivenUpInTime() {
        Peer peer = new Peer();
        peer.staysOpen = true;
        StepVerifier.create(peer.says(Unpooled.EMPTY_BUFFER))
                .then(() -> {
                    await().atMost(PATIENCE).until(() -> peer.asked > 0);
                    time.advanceTimeBy(OPTIONS.timeout());
                })
                .expectError(TimeoutException.class)
                .verify(PATIENCE);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(peer.connection.streams()).isEmpty());
        assertThat(peer.connection.isDisposed()).isFalse();
    }

    @Test
    void anEmptyPushChangesNothing() {
        Host asker = identifying("asker");
        Host other = identifying("other");
        meet(asker, other);

        Connection back = other.connections(asker.id()).get(0);
        StepVerifier.create(back.open(Identify.PUSH).flatMap(stream -> stream.send(Mono.just(framed(new byte[0])))
                        .then(stream.closeWrite())
                        .then(stream.receive().then())))
                .expectComplete()
                .verify(PATIENCE);

        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).pushed()).isTrue();
        assertKnows(asker, other, "other");
    }

    @Test
    void aForeignKeyInAPushResetsTheStreamOnly() {
        Host asker = identifying("asker");
        Host other = identifying("other");
        meet(asker, other);
        Connection back = other.connections(asker.id()).get(0);
        ByteBuf lie = message(m -> m.setPublicKey(
                ByteString.copyFrom(KeyPair.generate().publicKey().encode())));

        StepVerifier.create(back.open(Identify.PUSH).flatMap(stream -> stream.send(Mono.just(lie))
                        .then(stream.closeWrite())
                        .then(stream.receive().then())))
                .expectError(StreamResetException.class)
                .verify(PATIENCE);

        assertThat(heard).isEmpty();
        assertThat(back.isDisposed()).isFalse();
        assertKnows(asker, other, "other");
    }

    @Test
    void versionsAreShort() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> OPTIONS.withAgentVersion("x".repeat(129)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("129");
    }

    private Host identifying(String agent) {
        return hosts.listening(builder -> builder.service(Identify.create(OPTIONS.withAgentVersion(agent), time)));
    }

    private static List<Multiaddr> addresses(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Multiaddr.of("/ip4/203.0.113.1/tcp/" + (1_000 + i)))
                .toList();
    }

    private static ByteString bytes(String address) {
        return ByteString.copyFrom(Multiaddr.of(address).toBytes());
    }

    private static ByteBuf message(java.util.function.Consumer<IdentifyProto.Identify.Builder> content) {
        IdentifyProto.Identify.Builder message = IdentifyProto.Identify.newBuilder();
        content.accept(message);
        return framed(message.build().toByteArray());
    }

    private static ByteBuf framed(byte[] message) {
        return Unpooled.wrappedBuffer(Varint.toBytes(message.length), message);
    }

    /** A peer that answers identify with what a test says, and a host that asks it. */
    private final class Peer {

        private final KeyPair key = KeyPair.generate();
        private final Identify identify = Identify.create(OPTIONS, time);
        private final Host asker = hosts.start(builder -> builder.service(identify));
        private final Host liar = hosts.listening(builder -> builder.identity(key));
        private final Connection connection = connect(asker, liar);
        private volatile byte[][] answer = new byte[0][];
        private volatile boolean staysOpen;
        private volatile int asked;

        Peer() {
            // The question asked on connecting is refused, as nobody serves it yet.
            await().atMost(PATIENCE).until(() -> liar.connections().size() == 1);
            await().atMost(PATIENCE).until(() -> connection.streams().isEmpty());
            liar.handle(Identify.PROTOCOL, stream -> {
                asked++;
                Mono<Void> sent =
                        stream.send(Flux.fromStream(Arrays.stream(answer).map(Unpooled::wrappedBuffer)));
                return staysOpen ? sent.then(Mono.never()) : sent;
            });
        }

        PeerId id() {
            return liar.id();
        }

        ByteString record(long sequence, List<Multiaddr> addresses) {
            return ByteString.copyFrom(
                    new PeerRecord(id(), sequence, addresses).seal(key).toBytes());
        }

        Mono<PeerIdentified> says(ByteBuf... messages) {
            answer = Arrays.stream(messages)
                    .map(message -> {
                        byte[] bytes = io.netty.buffer.ByteBufUtil.getBytes(message);
                        message.release();
                        return bytes;
                    })
                    .toArray(byte[][]::new);
            return identify.identify(connection);
        }

        /** The stream is reset; the connection and what is known of the peer stay as they are. */
        void isRefused(ByteBuf... messages) {
            List<HostEvent> events = new CopyOnWriteArrayList<>();
            asker.events().subscribe(events::add);
            StepVerifier.create(says(messages))
                    .expectError(ProtocolViolationException.class)
                    .verify(PATIENCE);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(connection.streams()).isEmpty());
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            liar.connections().iterator().next().streams())
                    .isEmpty());
            assertThat(connection.isDisposed()).isFalse();
            assertThat(asker.peerstore().protocols(id())).isEmpty();
            assertThat(asker.peerstore().addresses(id())).isEqualTo(liar.addresses());
            assertThat(asker.peerstore().metadata(id(), Identify.AGENT_VERSION)).isEmpty();
            assertThat(events).isEmpty();
        }
    }
}
