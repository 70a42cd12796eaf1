package io.reactivep2p.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multistream.NegotiationException;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.Protector;
import io.reactivep2p.testing.PlainTestSecurity;
import io.reactivep2p.testing.TestMuxer;
import io.reactivep2p.transport.RawConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Upgrades where one side or both are of a private network. */
class PrivateUpgradeTest {

    private static final KeyPair ALICE = KeyPair.ofSeed(new byte[32]);
    private static final KeyPair BOB = KeyPair.generate();

    private final ChannelPair pair = new ChannelPair();

    @AfterEach
    void nothingIsLeft() {
        pair.assertNothingLeft();
    }

    @Test
    void membersConnectAndTheProtectorStandsBelowEverythingElse() {
        Outcome dialed = upgrade(ALICE, network(7), pair.dialed());
        Outcome accepted = upgrade(BOB, network(7), pair.accepted());

        pair.pump();

        assertThat(dialed.connection())
                .satisfies(connection -> assertThat(connection.remotePeer()).isEqualTo(PeerId.of(BOB.publicKey())));
        assertThat(accepted.connection()).isNotNull();
        assertThat(pair.dialer.pipeline().first()).isInstanceOf(XorHandler.class);
    }

    @Test
    void anotherNetworksMemberIsToldNothing() {
        Outcome dialed = upgrade(ALICE, network(7), pair.dialed());
        Outcome accepted = upgrade(BOB, network(8), pair.accepted());

        pair.pump();

        assertThat(accepted.failure)
                .isInstanceOf(HandshakeException.class)
                .hasMessage("what arrived made no sense while negotiating security in a private network, "
                        + "which the remote peer may not be in")
                .hasNoCause();
        assertThat(pair.listener.isOpen()).isFalse();
        assertThat(dialed.failure)
                .isInstanceOf(HandshakeException.class)
                .hasMessageContaining("closed while negotiating security in a private network");
    }

    @Test
    void whoIsInNoNetworkIsNotLetIn() {
        Outcome accepted = upgrade(BOB, network(0x35), pair.accepted());
        pair.listener.writeInbound(Unpooled.copiedBuffer(
                "\u0013/multistream/1.0.0\n\u0016/plaintext-test/1.0.0\n", StandardCharsets.US_ASCII));
        assertThat(accepted.failure).isInstanceOf(HandshakeException.class).hasMessageContaining("private network");
        assertThat(pair.listener.isOpen()).isFalse();
        assertThat(pair.listener.outboundMessages()).isEmpty();
    }

    /** Garbage may announce a message that never ends. */
    @Test
    void whoStaysSilentIsGivenUpInTime() {
        Outcome accepted = upgrade(BOB, network(7), pair.accepted());
        pair.listener.writeInbound(Unpooled.wrappedBuffer(new byte[] {100 ^ 7}));
        pair.advance(UpgraderOptions.DEFAULT_TIMEOUT);
        assertThat(accepted.failure).isInstanceOf(HandshakeException.class).hasMessageContaining("timed out");
    }

    /** Who has greeted is a member: what it does wrong after that is told as it is. */
    @Test
    void aMemberThatSpeaksNothingInCommonIsToldApartFromAStranger() {
        Outcome dialed = upgrade(ALICE, network(0), pair.dialed());
        pair.step();
        pair.dialer.writeInbound(
                Unpooled.copiedBuffer("\u0013/multistream/1.0.0\n\u0003na\n", StandardCharsets.US_ASCII));
        assertThat(dialed.failure).isInstanceOf(NegotiationException.class);
    }

    @Test
    void aProtectorThatThrowsEndsTheUpgrade() {
        Outcome dialed = upgrade(
                ALICE,
                raw -> {
                    throw new IllegalStateException("planted");
                },
                pair.dialed());
        assertThat(dialed.failure).isInstanceOf(HandshakeException.class).hasRootCauseMessage("planted");
        assertThat(pair.dialer.isOpen()).isFalse();
    }

    private static Outcome upgrade(KeyPair identity, Protector protector, RawConnection raw) {
        Outcome outcome = new Outcome();
        ConnectionUpgrader.create(
                        identity,
                        List.of(PlainTestSecurity.create()),
                        List.of(TestMuxer.create()),
                        new UpgraderOptions(Duration.ofSeconds(10), protector))
                .upgrade(raw, null)
                .subscribe(connection -> outcome.made = connection, failure -> outcome.failure = failure);
        return outcome;
    }

    private static final class Outcome {

        private @Nullable MuxedConnection made;
        private @Nullable Throwable failure;

        MuxedConnection connection() {
            assertThat(failure).isNull();
            assertThat(made).isNotNull();
            return made;
        }
    }

    /** A network whose secret is one byte. */
    private static Protector network(int secret) {
        return raw -> raw.channel().pipeline().addLast(new XorHandler(secret));
    }

    @ChannelHandler.Sharable
    private static final class XorHandler extends ChannelDuplexHandler {

        private final int secret;

        XorHandler(int secret) {
            this.secret = secret;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ctx.write(changed(ctx, (ByteBuf) message), promise);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.fireChannelRead(changed(ctx, (ByteBuf) message));
        }

        private ByteBuf changed(ChannelHandlerContext ctx, ByteBuf bytes) {
            ByteBuf out = ctx.alloc().buffer(bytes.readableBytes());
            while (bytes.isReadable()) {
                out.writeByte(bytes.readByte() ^ secret);
            }
            bytes.release();
            return out;
        }
    }
}
