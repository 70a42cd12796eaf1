package io.reactivep2p.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.transport.RawConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;

/** What every {@link SecureChannel} promises. */
public interface SecureChannelContract {

    ProtocolId YAMUX = ProtocolId.of("/yamux/1.0.0");
    ProtocolId MPLEX = ProtocolId.of("/mplex/6.7.0");

    SecureChannel secureChannel();

    /** Whether the handshake can agree on a muxer. */
    default boolean negotiatesMuxers() {
        return true;
    }

    /**
     * Whether the protocol looks at this byte of what a dialer has written at once. Some have bytes that mean nothing to anybody, and that
     * nothing protects.
     */
    default boolean matters(ByteBuf written, int index) {
        return true;
    }

    /** One end of a handshake under test. */
    final class End {

        private final RawConnection raw;
        private final ByteCollector collector = new ByteCollector();
        private final Disposable handshake;
        private @Nullable SecuredConnection secured;
        private @Nullable Throwable failure;

        End(SecureChannel channel, RawConnection raw, SecurityParameters parameters) {
            this.raw = raw;
            this.handshake = channel.secure(raw, parameters)
                    .subscribe(
                            done -> {
                                secured = done;
                                raw.channel().pipeline().addLast(collector);
                            },
                            error -> failure = error);
        }

        SecuredConnection secured() {
            assertThat(failure).isNull();
            assertThat(secured).isNotNull();
            return java.util.Objects.requireNonNull(secured);
        }

        void send(byte[] bytes) {
            raw.channel().writeAndFlush(Unpooled.copiedBuffer(bytes));
        }

        private void assertRefused() {
            assertThat(secured).isNull();
            assertThat(failure).isInstanceOf(HandshakeException.class);
            assertThat(raw.channel().isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    default void bothPeersAreProved(KeyType type) {
        KeyPair dialer = TestKeys.dialer(type);
        KeyPair listener = TestKeys.listener(type);
        try (WirePair wire = new WirePair(1, 4_096)) {
            End client = new End(secureChannel(), wire.dialed(), anyone(dialer));
            End server = new End(secureChannel(), wire.accepted(), anyone(listener));
            wire.pump();

            assertThat(client.secured().localPeer()).isEqualTo(PeerId.of(dialer.publicKey()));
            assertThat(client.secured().remotePeer()).isEqualTo(PeerId.of(listener.publicKey()));
            assertThat(client.secured().remoteKey()).isEqualTo(listener.publicKey());
            assertThat(client.secured().security()).isEqualTo(secureChannel().protocol());
            assertThat(server.secured().localPeer()).isEqualTo(PeerId.of(listener.publicKey()));
            assertThat(server.secured().remotePeer()).isEqualTo(PeerId.of(dialer.publicKey()));
            assertThat(server.secured().remoteKey()).isEqualTo(dialer.publicKey());
        }
    }

    @Test
    default void theExpectedPeerIsTaken() {
        KeyPair listener = KeyPair.generate();
        try (WirePair wire = new WirePair(2, 4_096)) {
            End client = new End(secureChannel(), wire.dialed(), expecting(PeerId.of(listener.publicKey())));
            End server = new End(secureChannel(), wire.accepted(), anyone(listener));
            wire.pump();
            assertThat(client.secured().remotePeer()).isEqualTo(PeerId.of(listener.publicKey()));
            assertThat(server.secured()).isNotNull();
        }
    }

    @Test
    default void anotherPeerThanExpectedIsRefused() {
        try (WirePair wire = new WirePair(3, 4_096)) {
            End client = new End(
                    secureChannel(),
                    wire.dialed(),
                    expecting(PeerId.of(KeyPair.generate().publicKey())));
            End server = new End(secureChannel(), wire.accepted(), anyone(KeyPair.generate()));
            wire.pump();
            client.assertRefused();
            assertThat(server.raw.channel().isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 17, 1_000, 70_000})
    default void bytesArriveWholeHoweverTheyAreCut(int maxChunk) {
        Random random = new Random(maxChunk);
        int size = Math.min(300_000, 3_000 * maxChunk); // deliveries cost time, not bytes
        byte[] up = new byte[size];
        byte[] down = new byte[size / 2 + 1];
        random.nextBytes(up);
        random.nextBytes(down);
        try (WirePair wire = new WirePair(maxChunk, maxChunk)) {
            End client = new End(secureChannel(), wire.dialed(), anyone(KeyPair.generate()));
            End server = new End(secureChannel(), wire.accepted(), anyone(KeyPair.generate()));
            wire.pump();
            sendInPieces(random, client, up);
            sendInPieces(random, server, down);
            wire.pump();
            assertThat(server.collector.bytes()).isEqualTo(up);
            assertThat(client.collector.bytes()).isEqualTo(down);
        }
    }

    /** The end that finishes first may speak at once, and its words may arrive together with the last message of the handshake. */
    @Test
    default void bytesRightBehindTheHandshakeAreNotLost() {
        byte[] first = "first words".getBytes(StandardCharsets.UTF_8);
        try (WirePair wire = new WirePair(4, 100_000)) {
            SecureChannel channel = secureChannel();
            channel.secure(wire.dialed(), anyone(KeyPair.generate()))
                    .subscribe(done -> done.raw().channel().writeAndFlush(Unpooled.copiedBuffer(first)));
            End server = new End(channel, wire.accepted(), anyone(KeyPair.generate()));
            wire.pump();
            assertThat(server.secured()).isNotNull();
            assertThat(server.collector.bytes()).isEqualTo(first);
        }
    }

    /** Flips one bit of what the dialer sends, at any place of the handshake or of the data behind it. */
    @Test
    default void aFlippedBitClosesTheConnection() {
        byte[] data = new byte[200];
        Random random = new Random(5);
        for (int round = 0; round < 40; round++) {
            int at = random.nextInt(round < 20 ? 60 : 400);
            try (WirePair wire = new WirePair(round, 4_096)) {
                Flip flip = new Flip(at, 1 << random.nextInt(8), this::matters);
                wire.changeTowardsListener(flip);
                End client = new End(secureChannel(), wire.dialed(), anyone(KeyPair.generate()));
                End server = new End(secureChannel(), wire.accepted(), anyone(KeyPair.generate()));
                wire.pump();
                if (client.secured != null) {
                    client.send(data);
                    wire.pump();
                }
                // A damaged length may leave the reader waiting for more; then the end of the wire must not pass for an
                // end of data.
                if (!flip.isHarmless) {
                    assertThat(server.collector.bytes())
                            .describedAs("bit flipped at byte %d", at)
                            .hasSizeLessThan(data.length);
                }
            }
        }
    }

    @Test
    default void aConnectionThatEndsDuringTheHandshakeFailsIt() {
        try (WirePair wire = new WirePair(6, 4_096)) {
            End client = new End(secureChannel(), wire.dialed(), anyone(KeyPair.generate()));
            wire.cut();
            client.assertRefused();
        }
    }

    @Test
    default void noiseOnTheWireFailsTheHandshake() {
        for (int seed = 0; seed < 30; seed++) {
            byte[] garbage = new byte[70_000];
            new Random(seed).nextBytes(garbage);
            try (WirePair wire = new WirePair(seed, 1_000)) {
                wire.dialed().channel().writeAndFlush(Unpooled.wrappedBuffer(garbage));
                End server = new End(secureChannel(), wire.accepted(), anyone(KeyPair.generate()));
                wire.pump();
                wire.cut();
                server.assertRefused();
            }
        }
    }

    @Test
    default void cancellingTheHandshakeClosesTheChannel() {
        try (WirePair wire = new WirePair(7, 4_096)) {
            End client = new End(secureChannel(), wire.dialed(), anyone(KeyPair.generate()));
            client.handshake.dispose();
            wire.pump();
            assertThat(client.raw.channel().isOpen()).isFalse();
            assertThat(client.secured).isNull();
        }
    }

    /** What is written and not yet on the wire counts, so that a muxer which heeds the channel's writability holds little. */
    @Test
    default void whatIsWrittenAndNotFlushedStopsTheWriter() {
        try (WirePair wire = new WirePair(10, 100_000)) {
            End client = new End(secureChannel(), wire.dialed(), anyone(KeyPair.generate()));
            End server = new End(secureChannel(), wire.accepted(), anyone(KeyPair.generate()));
            wire.pump();
            Channel channel = client.raw.channel();
            int written = 0;
            while (channel.isWritable() && written < 100) {
                channel.write(Unpooled.wrappedBuffer(new byte[20_000]));
                written++;
            }
            assertThat(channel.isWritable()).isFalse();
            channel.flush();
            assertThat(channel.isWritable()).isTrue();
            wire.pump();
            assertThat(server.collector.bytes()).hasSize(20_000 * written);
        }
    }

    /** A layer above that asks for nothing fills the wire, not this layer: bytes are read for it only where none could be handed up. */
    @Test
    default void nothingIsReadForAReaderThatDoesNotAsk() {
        try (WirePair wire = new WirePair(11, 40_000)) {
            End client = new End(secureChannel(), wire.dialed(), anyone(KeyPair.generate()));
            End server = new End(secureChannel(), wire.accepted(), anyone(KeyPair.generate()));
            wire.pump();
            Channel channel = server.raw.channel();
            channel.config().setAutoRead(false);
            DemandWatch watch = new DemandWatch(() -> server.collector.bytes().length);
            channel.pipeline().addFirst(watch);
            client.send(new byte[300_000]);
            wire.pump();
            assertThat(server.collector.bytes()).hasSize(300_000);
            assertThat(watch.delivered()).isPositive();
            assertThat(watch.readWithoutNeed()).isZero();
        }
    }

    @Test
    default void nothingHappensBeforeSubscription() {
        try (WirePair wire = new WirePair(8, 4_096)) {
            Channel channel = wire.dialed().channel();
            List<String> before = channel.pipeline().names();
            var handshake = secureChannel().secure(wire.dialed(), anyone(KeyPair.generate()));
            assertThat(handshake).isNotNull();
            assertThat(channel.pipeline().names()).isEqualTo(before);
        }
    }

    @Test
    default void theHandshakeAgreesOnAMuxer() {
        if (negotiatesMuxers()) {
            assertThat(agreed(List.of(YAMUX, MPLEX), List.of(MPLEX, YAMUX))).isIn(YAMUX, MPLEX);
            assertThat(agreed(List.of(YAMUX), List.of(MPLEX, YAMUX))).isEqualTo(YAMUX);
            assertThat(agreed(List.of(MPLEX), List.of(MPLEX))).isEqualTo(MPLEX);
        }
    }

    @Test
    default void whereNoMuxerIsSharedNoneIsAgreed() {
        assertThat(agreed(List.of(YAMUX), List.of(MPLEX))).isNull();
        assertThat(agreed(List.of(), List.of(MPLEX))).isNull();
        assertThat(agreed(List.of(YAMUX), List.of())).isNull();
    }

    private @Nullable ProtocolId agreed(List<ProtocolId> dialer, List<ProtocolId> listener) {
        try (WirePair wire = new WirePair(9, 4_096)) {
            End client =
                    new End(secureChannel(), wire.dialed(), new SecurityParameters(KeyPair.generate(), null, dialer));
            End server = new End(
                    secureChannel(), wire.accepted(), new SecurityParameters(KeyPair.generate(), null, listener));
            wire.pump();
            assertThat(client.secured().muxer()).isEqualTo(server.secured().muxer());
            return client.secured().muxer();
        }
    }

    private static SecurityParameters anyone(KeyPair identity) {
        return new SecurityParameters(identity, null, List.of());
    }

    private static SecurityParameters expecting(PeerId peer) {
        return new SecurityParameters(KeyPair.generate(), peer, List.of());
    }

    private static void sendInPieces(Random random, End end, byte[] bytes) {
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(100_000));
            ByteBuf piece = end.raw.channel().alloc().buffer(length).writeBytes(bytes, at, length);
            end.raw.channel().write(piece);
            at += length;
        }
        end.raw.channel().flush();
    }

    /** Flips one bit of one byte of all that passes. */
    final class Flip implements UnaryOperator<ByteBuf> {

        private final int target;
        private final int bit;
        private final BiPredicate<ByteBuf, Integer> matters;
        private long passed;
        private boolean isHarmless;

        Flip(int target, int bit, BiPredicate<ByteBuf, Integer> matters) {
            this.target = target;
            this.bit = bit;
            this.matters = matters;
        }

        @Override
        public ByteBuf apply(ByteBuf data) {
            long at = target - passed;
            passed += data.readableBytes();
            if (at < 0 || at >= data.readableBytes()) {
                return data;
            }
            ByteBuf copy = data.alloc()
                    .buffer(data.readableBytes())
                    .writeBytes(data, data.readerIndex(), data.readableBytes());
            data.release();
            int index = (int) at;
            isHarmless = !matters.test(copy, index);
            copy.setByte(index, copy.getByte(index) ^ bit);
            return copy;
        }
    }
}
