package io.reactivep2p.security.plaintext;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Varint;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.security.plaintext.pb.PlaintextProto.Exchange;
import io.reactivep2p.testkit.TestKeys;
import io.reactivep2p.transport.RawConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlaintextTest {

    private static final KeyPair ALICE = KeyPair.ofSeed(new byte[32]);
    private static final KeyPair BOB = KeyPair.generate();
    private static final Multiaddr ANYWHERE = Multiaddr.of("/memory/1");

    private final List<ByteBuf> passedOn = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private @Nullable SecuredConnection secured;
    private @Nullable Throwable failure;

    private void secure(@Nullable PeerId expected) {
        RawConnection raw = new RawConnection(channel, ANYWHERE, ANYWHERE, Direction.OUTBOUND);
        Plaintext.create(warning -> {})
                .secure(raw, new SecurityParameters(ALICE, expected, List.of()))
                .subscribe(
                        done -> {
                            secured = done;
                            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                                @Override
                                public void channelRead(ChannelHandlerContext ctx, Object message) {
                                    passedOn.add((ByteBuf) message);
                                }
                            });
                        },
                        error -> failure = error);
    }

    @AfterEach
    void everythingIsReleased() {
        passedOn.forEach(ByteBuf::release);
        channel.finishAndReleaseAll();
    }

    private static byte[] framed(Exchange exchange) {
        return framed(exchange.toByteArray());
    }

    private static byte[] framed(byte[] body) {
        byte[] length = Varint.toBytes(body.length);
        byte[] all = Arrays.copyOf(length, length.length + body.length);
        System.arraycopy(body, 0, all, length.length, body.length);
        return all;
    }

    private static Exchange exchange(byte[] id, byte[] key) {
        return Exchange.newBuilder()
                .setId(ByteString.copyFrom(id))
                .setPubkey(ByteString.copyFrom(key))
                .build();
    }

    private static byte[] valid(PublicKey key) {
        return framed(exchange(PeerId.of(key).toBytes(), key.encode()));
    }

    private void receive(byte[] bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes));
    }

    private void assertRefused(String why) {
        assertThat(secured).isNull();
        assertThat(failure)
                .isInstanceOf(HandshakeException.class)
                .hasMessageStartingWith("plaintext: ")
                .hasMessageContaining(why);
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.inboundMessages()).isEmpty();
    }

    @Test
    void theExchangeHasTheBytesOfTheSpecification() {
        secure(null);
        ByteBuf sent = channel.readOutbound();
        byte[] key = ALICE.publicKey().encode();
        byte[] id = PeerId.of(ALICE.publicKey()).toBytes();
        assertThat(sent.readUnsignedByte()).isEqualTo((short) (2 + id.length + 2 + key.length));
        assertThat(sent.readUnsignedByte()).as("field 1, bytes").isEqualTo((short) 0x0a);
        assertThat(sent.readUnsignedByte()).isEqualTo((short) id.length);
        assertThat(sent.readSlice(id.length)).isEqualTo(Unpooled.wrappedBuffer(id));
        assertThat(sent.readUnsignedByte()).as("field 2, message").isEqualTo((short) 0x12);
        assertThat(sent.readUnsignedByte()).isEqualTo((short) key.length);
        assertThat(sent.readSlice(key.length)).isEqualTo(Unpooled.wrappedBuffer(key));
        assertThat(sent.isReadable()).isFalse();
        sent.release();
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void theExchangeMayBeCutAnywhere(KeyType type) {
        PublicKey key = TestKeys.listener(type).publicKey();
        byte[] bytes = valid(key);
        for (int cut = 0; cut <= bytes.length; cut++) {
            PlaintextExchange exchange = new PlaintextExchange(PeerId.of(key));
            ByteBuf first = Unpooled.wrappedBuffer(bytes, 0, cut);
            ByteBuf second = Unpooled.wrappedBuffer(bytes, cut, bytes.length - cut);
            PublicKey early = exchange.onBytes(first);
            assertThat(early).isEqualTo(cut == bytes.length ? key : null);
            if (cut < bytes.length) {
                assertThat(exchange.onBytes(second)).isEqualTo(key);
            }
        }
    }

    /** Wherever the connection ends in the exchange, the handshake ends with it. */
    @Test
    void aConnectionThatEndsInTheExchangeFailsTheHandshake() {
        byte[] bytes = valid(BOB.publicKey());
        for (int cut = 0; cut < bytes.length; cut++) {
            PlaintextTest one = new PlaintextTest();
            one.secure(null);
            one.receive(Arrays.copyOf(bytes, cut));
            assertThat(one.failure).isNull();
            one.channel.close();
            one.assertRefused("closed while waiting for the exchange");
            one.everythingIsReleased();
        }
    }

    @Test
    void bytesBehindTheExchangeBelongToTheNextLayerAndTheHandlerIsGone() {
        secure(PeerId.of(BOB.publicKey()));
        byte[] next = "next".getBytes(StandardCharsets.US_ASCII);
        byte[] exchange = valid(BOB.publicKey());
        byte[] both = Arrays.copyOf(exchange, exchange.length + next.length);
        System.arraycopy(next, 0, both, exchange.length, next.length);
        receive(both);
        assertThat(secured).isNotNull();
        assertThat(secured.remotePeer()).isEqualTo(PeerId.of(BOB.publicKey()));
        assertThat(secured.muxer()).isNull();
        assertThat(passedOn).containsExactly(Unpooled.wrappedBuffer(next));
        assertThat(channel.pipeline().get(PlaintextHandler.class)).isNull();
    }

    @Test
    void anIdThatIsNotTheKeysIsRefused() {
        secure(null);
        receive(framed(
                exchange(PeerId.of(ALICE.publicKey()).toBytes(), BOB.publicKey().encode())));
        assertRefused("is not that of the public key");
    }

    @Test
    void anotherPeerThanExpectedIsRefused() {
        secure(PeerId.of(KeyPair.generate().publicKey()));
        receive(valid(BOB.publicKey()));
        assertRefused("answered");
    }

    @Test
    void missingFieldsAreNamed() {
        secure(null);
        receive(framed(Exchange.newBuilder()
                .setId(ByteString.copyFrom(PeerId.of(BOB.publicKey()).toBytes()))
                .build()));
        assertRefused("no public key");
    }

    @Test
    void aMissingIdIsNamed() {
        secure(null);
        receive(framed(exchange(new byte[0], BOB.publicKey().encode())));
        assertRefused("no peer id");
    }

    @Test
    void anEmptyExchangeIsRefused() {
        secure(null);
        receive(new byte[] {0});
        assertRefused("no public key");
    }

    @Test
    void malformedPartsAreNamed() {
        secure(null);
        receive(framed(exchange(PeerId.of(BOB.publicKey()).toBytes(), new byte[] {1, 2, 3})));
        assertRefused("the public key is malformed");
    }

    @Test
    void aMalformedIdIsNamed() {
        secure(null);
        receive(framed(exchange(new byte[] {9, 9}, BOB.publicKey().encode())));
        assertRefused("the peer id is malformed");
    }

    @Test
    void whatIsNoProtobufIsRefused() {
        secure(null);
        receive(framed(new byte[] {(byte) 0xff, (byte) 0xff}));
        assertRefused("no protobuf");
    }

    @Test
    void aLengthBeyondTheLimitIsRefusedBeforeItsBytesCome() {
        secure(null);
        receive(Varint.toBytes(PlaintextExchange.MAX_BYTES + 1));
        assertRefused("announced with 4097 bytes");
    }

    /** jvm-libp2p's four bytes of length look like an empty exchange; other lengths like one too long. */
    @Test
    void aLengthThatDoesNotEndIsRefused() {
        secure(null);
        receive(new byte[] {(byte) 0xff, (byte) 0xff});
        assertRefused("more than the 4096 bytes");
    }

    @Test
    void aLengthThatIsNotInItsShortestFormIsRefused() {
        secure(null);
        receive(new byte[] {(byte) 0x80, 0});
        assertRefused("length of the exchange is malformed");
    }

    @Test
    void aConnectionThatFailsSaysWhy() {
        secure(null);
        channel.pipeline().fireExceptionCaught(new IOException("planted"));
        assertRefused("planted");
    }

    @Test
    void aConnectionThatIsClosedAlreadyIsRefused() {
        channel.close();
        secure(null);
        assertRefused("closed before");
    }

    @Test
    void eachInstanceWarnsOnceHoweverManyConnectionsItTakes() {
        List<String> log = new ArrayList<>();
        Plaintext plaintext = Plaintext.create(log::add);
        for (int i = 0; i < 3; i++) {
            EmbeddedChannel one = new EmbeddedChannel();
            plaintext
                    .secure(
                            new RawConnection(one, ANYWHERE, ANYWHERE, Direction.INBOUND),
                            new SecurityParameters(ALICE, null, List.of()))
                    .subscribe();
            one.writeInbound(Unpooled.copiedBuffer(valid(BOB.publicKey())));
            one.finishAndReleaseAll();
        }
        assertThat(log).containsExactly(Plaintext.WARNING);
        assertThat(Plaintext.WARNING).contains("WITHOUT ANY SECURITY", "tests");
    }
}
