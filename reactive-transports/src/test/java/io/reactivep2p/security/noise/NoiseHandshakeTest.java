package io.reactivep2p.security.noise;

import static io.reactivep2p.security.noise.NoisePair.ALICE;
import static io.reactivep2p.security.noise.NoisePair.ALICE_ID;
import static io.reactivep2p.security.noise.NoisePair.BOB;
import static io.reactivep2p.security.noise.NoisePair.BOB_ID;
import static io.reactivep2p.security.noise.NoisePair.MPLEX;
import static io.reactivep2p.security.noise.NoisePair.YAMUX;
import static io.reactivep2p.security.noise.NoisePair.parameters;
import static io.reactivep2p.security.noise.RemoteEnd.flipped;
import static io.reactivep2p.security.noise.RemoteEnd.joined;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.security.noise.pb.NoiseProto.NoiseHandshakePayload;
import io.reactivep2p.testkit.TestKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole handshakes in memory, honest and not. */
class NoiseHandshakeTest {

    private static final byte[] HELLO = "hello".getBytes(UTF_8);

    private final Noise noise = Noise.create(spec -> spec.engine(AeadEngine.JDK));
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

    private NoisePair.End responder() {
        return new NoisePair.End(allocator, Direction.INBOUND, noise, parameters(BOB, null, YAMUX));
    }

    private NoisePair.End initiator(@Nullable PeerId expected) {
        return new NoisePair.End(allocator, Direction.OUTBOUND, noise, parameters(ALICE, expected, YAMUX));
    }

    @Test
    void bothSidesLearnWhoTheOtherIs() {
        try (NoisePair pair = new NoisePair(noise).pump()) {
            assertThat(pair.initiator.secured.localPeer()).isEqualTo(ALICE_ID);
            assertThat(pair.initiator.secured.remotePeer()).isEqualTo(BOB_ID);
            assertThat(pair.initiator.secured.remoteKey()).isEqualTo(BOB.publicKey());
            assertThat(pair.initiator.secured.security()).isEqualTo(Noise.PROTOCOL);
            assertThat(pair.responder.secured.localPeer()).isEqualTo(BOB_ID);
            assertThat(pair.responder.secured.remotePeer()).isEqualTo(ALICE_ID);
            assertThat(pair.responder.secured.remoteKey()).isEqualTo(ALICE.publicKey());
            exchange(pair);
        }
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void everyTypeOfHostKeyIsProved(KeyType type) {
        KeyPair key = TestKeys.listener(type);
        try (NoisePair pair = new NoisePair(
                        noise, parameters(ALICE, PeerId.of(key.publicKey())), noise, parameters(key, null))
                .pump()) {
            assertThat(pair.initiator.secured.remoteKey()).isEqualTo(key.publicKey());
            exchange(pair);
        }
    }

    @Test
    void handshakeSucceedsHoweverItsBytesAreSplit() {
        // All lengths are fixed, so one handshake tells where the others can be cut.
        for (int message = 0; message < 3; message++) {
            for (int cut = 1, size = 2; cut < size; cut++) {
                try (NoisePair pair = new NoisePair(noise)) {
                    for (int i = 0; i < 3; i++) {
                        byte[] bytes = (i % 2 == 0 ? pair.initiator : pair.responder).sent();
                        NoisePair.End to = i % 2 == 0 ? pair.responder : pair.initiator;
                        if (i == message) {
                            size = bytes.length;
                            to.receive(bytes, 0, cut);
                            to.receive(bytes, cut, size);
                        } else {
                            to.receive(bytes);
                        }
                    }
                    exchange(pair);
                }
            }
        }
    }

    @Test
    void handshakeSucceedsByteByByte() {
        try (NoisePair pair = new NoisePair(noise)) {
            for (int i = 0; i < 3; i++) {
                NoisePair.End to = i % 2 == 0 ? pair.responder : pair.initiator;
                for (byte b : (i % 2 == 0 ? pair.initiator : pair.responder).sent()) {
                    to.receive(new byte[] {b});
                }
            }
            exchange(pair);
        }
    }

    @Test
    void whatFollowsTheLastMessageIsHandedUpAfterCompletion() {
        for (int cut = 0; cut <= 24; cut++) {
            try (NoisePair pair = new NoisePair(noise)) {
                pair.responder.receive(pair.initiator.sent());
                pair.initiator.receive(pair.responder.sent());
                pair.initiator.send(HELLO);
                byte[] bytes = pair.initiator.sent();
                int end = bytes.length - cut;
                pair.responder.receive(bytes, 0, end);
                assertThat(pair.responder.secured).as("cut %d", cut).satisfies(secured -> {
                    if (cutIsBehindTheHandshake(bytes, end)) {
                        assertThat(secured).isNotNull();
                    }
                });
                pair.responder.receive(bytes, end, bytes.length);
                assertThat(pair.responder.received()).isEqualTo(HELLO);
                exchange(pair);
            }
        }
    }

    private static boolean cutIsBehindTheHandshake(byte[] bytes, int end) {
        int third = NoiseFrames.HEADER_LENGTH + ((bytes[0] & 0xff) << 8 | bytes[1] & 0xff);
        return end >= third;
    }

    @Test
    void lastMessageAndFirstWriteOfTheNextLayerAreFlushedTogether() {
        try (NoisePair pair = new NoisePair(noise)) {
            pair.responder.receive(pair.initiator.sent());
            pair.initiator.receive(pair.responder.sent());
            pair.initiator.channel.flush();
            assertThat(pair.initiator.sent()).isNotEmpty();
        }
    }

    @Test
    void everyFlippedBitOfTheResponderIsNoticed() {
        NoisePair.End victim = initiator(BOB_ID);
        RemoteEnd probe = new RemoteEnd(Direction.INBOUND);
        probe.read(victim.sent());
        int length = probe.write(payload(BOB, probe)).length;
        victim.close();
        for (int i = NoiseFrames.HEADER_LENGTH; i < length; i++) {
            NoisePair.End end = initiator(BOB_ID);
            RemoteEnd remote = new RemoteEnd(Direction.INBOUND);
            remote.read(end.sent());
            end.receive(flipped(remote.write(payload(BOB, remote)), i));
            // Bit 6 of an ephemeral key's last byte counts; every one does, so each spoils the first decryption at the
            // latest.
            assertRefused(end, "decrypt");
        }
    }

    @Test
    void everyFlippedBitOfTheInitiatorIsNoticed() {
        int length = 2;
        for (int i = NoiseFrames.HEADER_LENGTH; i < length || length == 2; i++) {
            NoisePair.End end = responder();
            RemoteEnd remote = new RemoteEnd(Direction.OUTBOUND);
            end.receive(remote.write(new byte[0]));
            remote.read(end.sent());
            byte[] last = remote.write(payload(ALICE, remote));
            length = last.length;
            end.receive(flipped(last, i));
            assertRefused(end, "decrypt");
        }
    }

    @Test
    void tamperedFirstMessageSpoilsTheHandshake() {
        try (NoisePair pair = new NoisePair(noise)) {
            pair.responder.receive(flipped(pair.initiator.sent(), 10));
            pair.initiator.receive(pair.responder.sent());
            assertRefused(pair.initiator, "message 2");
        }
    }

    @Test
    void anotherPeerThanTheExpectedIsRefusedWithBothIds() {
        try (NoisePair pair = new NoisePair(noise, parameters(ALICE, ALICE_ID), noise, parameters(BOB, null)).pump()) {
            assertRefused(pair.initiator, ALICE_ID.toString());
            assertThat(pair.initiator.handshakeError).hasMessageContaining(BOB_ID.toString());
            assertThat(pair.responder.secured).isNull();
        }
    }

    @Test
    void responderMayExpectAPeerToo() {
        try (NoisePair pair = new NoisePair(noise, parameters(ALICE, null), noise, parameters(BOB, BOB_ID)).pump()) {
            assertRefused(pair.responder, "peer id");
        }
    }

    @Test
    void spoofedIdentityIsRefused() {
        NoisePair.End end = responder();
        RemoteEnd mallory = new RemoteEnd(Direction.OUTBOUND);
        // Alice's key with a signature she made of another static key: a replay of what she says to everybody.
        byte[] replayed = NoisePayload.encode(
                ALICE.publicKey().encode(), ALICE.sign(NoisePayload.signedBytes(NoisePair.filled(9))), List.of());
        end.receive(mallory.lastMessageTo(end, replayed));
        assertRefused(end, "signature");
    }

    @Test
    void signatureOfAnotherKeyIsRefused() {
        NoisePair.End end = initiator(null);
        RemoteEnd mallory = new RemoteEnd(Direction.INBOUND);
        mallory.read(end.sent());
        byte[] signature = ALICE.sign(NoisePayload.signedBytes(mallory.staticKey.publicKey()));
        end.receive(mallory.write(NoisePayload.encode(BOB.publicKey().encode(), signature, List.of())));
        assertRefused(end, "signature");
    }

    @Test
    void payloadWithoutIdentityKeyIsRefused() {
        assertPayloadRefused(
                NoiseHandshakePayload.newBuilder()
                        .setIdentitySig(ByteString.copyFrom(new byte[64]))
                        .build()
                        .toByteArray(),
                "no identity key");
        assertPayloadRefused(new byte[0], "no identity key");
    }

    @Test
    void payloadWithoutSignatureIsRefused() {
        assertPayloadRefused(
                NoiseHandshakePayload.newBuilder()
                        .setIdentityKey(ByteString.copyFrom(ALICE.publicKey().encode()))
                        .build()
                        .toByteArray(),
                "no signature");
    }

    @Test
    void malformedIdentityKeyIsRefused() {
        assertPayloadRefused(NoisePayload.encode(new byte[] {8, 1, 18, 1, 0}, new byte[64], List.of()), "malformed");
    }

    @Test
    void payloadThatIsNoProtobufIsRefused() {
        assertPayloadRefused(new byte[] {(byte) 0xff, (byte) 0xff, 1}, "protobuf");
    }

    private void assertPayloadRefused(byte[] payload, String check) {
        NoisePair.End end = responder();
        end.receive(new RemoteEnd(Direction.OUTBOUND).lastMessageTo(end, payload));
        assertRefused(end, check);
    }

    @Test
    void unknownFieldsOfThePayloadAreIgnored() {
        NoisePair.End end = responder();
        RemoteEnd remote = new RemoteEnd(Direction.OUTBOUND);
        // Field 3 is the data of old versions, 2047 nobody's.
        byte[] unknown = {0x1a, 2, 7, 7, (byte) 0xf8, 0x7f, 1};
        end.receive(remote.lastMessageTo(end, joined(payload(ALICE, remote), unknown)));
        assertThat(end.secured).isNotNull();
        end.close();
        NoisePair.assertNothingLeaked(allocator);
    }

    @Test
    void pointsOfLowOrderAreRefused() {
        for (String u : new String[] {"00", "01"}) {
            NoisePair.End end = responder();
            byte[] point = new byte[32];
            point[0] = Byte.parseByte(u);
            end.receive(RemoteEnd.framed(point));
            assertRefused(end, "low order");
        }
    }

    @Test
    void firstMessageWithAPayloadIsRefusedOnItsLength() {
        NoisePair.End end = responder();
        end.receive(new byte[] {0, 33});
        assertRefused(end, "33 bytes");
    }

    @Test
    void messagesThatAreTooShortAreRefused() {
        NoisePair.End first = responder();
        first.receive(RemoteEnd.framed(new byte[31]));
        assertRefused(first, "message 1 is too short");

        NoisePair.End second = initiator(null);
        second.sent();
        second.receive(RemoteEnd.framed(new byte[95]));
        assertRefused(second, "message 2 is too short");

        NoisePair.End third = responder();
        RemoteEnd remote = new RemoteEnd(Direction.OUTBOUND);
        third.receive(remote.write(new byte[0]));
        third.sent();
        third.receive(RemoteEnd.framed(new byte[63]));
        assertRefused(third, "message 3 is too short");
    }

    @Test
    void oversizedMessageIsRefusedOnItsLength() {
        NoisePair.End end = initiator(null);
        end.sent();
        end.receive(new byte[] {(byte) 0xff, (byte) 0xff});
        assertRefused(end, "65535 bytes");
    }

    @Test
    void connectionThatEndsEarlyFailsTheHandshake() {
        for (int bytes : new int[] {0, 1, 20}) {
            NoisePair.End end = initiator(null);
            end.sent();
            end.receive(new byte[bytes]);
            end.channel.close();
            assertRefused(end, "message 2");
        }
    }

    @Test
    void connectionThatFailsFailsTheHandshakeWithItsCause() {
        NoisePair.End end = responder();
        IOException cause = new IOException("reset");
        end.channel.pipeline().fireExceptionCaught(cause);
        assertThat(end.handshakeError).hasCause(cause);
        assertRefused(end, "reset");
    }

    @Test
    void closedConnectionFailsAtOnce() {
        EmbeddedChannel closed = new EmbeddedChannel();
        closed.close();
        NoisePair.End end = new NoisePair.End(closed, allocator, Direction.OUTBOUND, noise, parameters(ALICE, null));
        assertRefused(end, "closed");
    }

    @Test
    void cancellationClosesTheChannelAndWritesNothing() {
        for (int messages = 0; messages < 2; messages++) {
            NoisePair.End end = responder();
            RemoteEnd remote = new RemoteEnd(Direction.OUTBOUND);
            if (messages == 1) {
                end.receive(remote.write(new byte[0]));
                end.sent();
            }
            end.receive(new byte[] {0});
            end.subscription.dispose();
            assertThat(end.channel.isOpen()).isFalse();
            assertThat(end.sent()).isEmpty();
            assertThat(end.handshakeError).isNull();
            assertThat(end.secured).isNull();
            end.close();
        }
        NoisePair.assertNothingLeaked(allocator);
    }

    @Test
    void firstMuxerOfTheInitiatorThatTheResponderHasIsAgreedOn() {
        assertAgreed(List.of(MPLEX, YAMUX), List.of(YAMUX, MPLEX), MPLEX);
        assertAgreed(List.of(ProtocolId.of("/new"), YAMUX), List.of(MPLEX, YAMUX), YAMUX);
    }

    @Test
    void withoutACommonMuxerItIsLeftToMultistream() {
        assertAgreed(List.of(MPLEX), List.of(YAMUX), null);
        assertAgreed(List.of(), List.of(YAMUX), null);
        assertAgreed(List.of(YAMUX), List.of(), null);
    }

    private void assertAgreed(List<ProtocolId> initiators, List<ProtocolId> responders, @Nullable ProtocolId expected) {
        try (NoisePair pair = new NoisePair(
                        noise,
                        new SecurityParameters(ALICE, null, initiators),
                        noise,
                        new SecurityParameters(BOB, null, responders))
                .pump()) {
            assertThat(pair.initiator.secured.muxer()).isEqualTo(expected);
            assertThat(pair.responder.secured.muxer()).isEqualTo(expected);
        }
    }

    @Test
    void earlyMuxerNegotiationCanBeTurnedOff() {
        Noise silent = Noise.create(spec -> spec.engine(AeadEngine.JDK).earlyMuxerNegotiation(false));
        try (NoisePair pair =
                new NoisePair(noise, parameters(ALICE, null, YAMUX), silent, parameters(BOB, null, YAMUX)).pump()) {
            assertThat(pair.initiator.secured.muxer()).isNull();
            assertThat(pair.responder.secured.muxer()).isNull();
        }
    }

    @Test
    void muxerListsOfMoreThanAHundredAreIgnored() {
        for (int extra : new int[] {99, 100}) {
            NoisePair.End end = responder();
            RemoteEnd remote = new RemoteEnd(Direction.OUTBOUND);
            List<ProtocolId> muxers = new ArrayList<>(Collections.nCopies(extra, MPLEX));
            muxers.add(YAMUX);
            byte[] payload = NoisePayload.encode(
                    ALICE.publicKey().encode(),
                    ALICE.sign(NoisePayload.signedBytes(remote.staticKey.publicKey())),
                    muxers);
            end.receive(remote.lastMessageTo(end, payload));
            assertThat(end.secured.muxer()).isEqualTo(extra == 99 ? YAMUX : null);
            end.close();
        }
    }

    @Test
    void staticKeyIsMadeOnceForEachHostKeyAndFewAreRemembered() {
        NoiseIdentity alice = noise.identity(ALICE);
        assertThat(noise.identity(ALICE)).isSameAs(alice);
        for (int i = 0; i < Noise.MAX_IDENTITIES; i++) {
            noise.identity(KeyPair.generate());
        }
        assertThat(noise.identity(ALICE)).isNotSameAs(alice);
    }

    /** Alice or Bob, honestly. */
    private static byte[] payload(KeyPair key, RemoteEnd end) {
        return NoisePayload.encode(
                key.publicKey().encode(),
                key.sign(NoisePayload.signedBytes(end.staticKey.publicKey())),
                List.of(YAMUX));
    }

    private void assertRefused(NoisePair.End end, String check) {
        assertThat(end.secured).isNull();
        assertThat(end.handshakeError).isInstanceOf(HandshakeException.class).hasMessageContaining(check);
        assertThat(end.channel.isOpen()).isFalse();
        // Not another byte, neither in answer nor later.
        assertThat(end.sent()).isEmpty();
        assertThat(end.channel.writeOneOutbound(Unpooled.EMPTY_BUFFER).isSuccess())
                .isFalse();
        end.close();
        NoisePair.assertNothingLeaked(allocator);
    }

    private static void exchange(NoisePair pair) {
        pair.initiator.send(HELLO);
        pair.responder.send(new byte[100_000]);
        pair.pump();
        assertThat(pair.responder.received()).isEqualTo(HELLO);
        assertThat(pair.initiator.received()).isEqualTo(new byte[100_000]);
        assertThat(pair.initiator.failures).isEmpty();
        assertThat(pair.responder.failures).isEmpty();
    }
}
