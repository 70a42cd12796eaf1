package io.reactivep2p.protocol.identify;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.protocol.identify.pb.IdentifyProto;
import io.reactivep2p.record.PeerRecord;
import io.reactivep2p.testing.Rounds;
import io.reactivep2p.wire.MalformedMessageException;
import io.reactivep2p.wire.Protobuf;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a peer says of itself is read, or refused as a malformed message or a violation. */
class IdentifyFuzzTest {

    private static final KeyPair KEY = KeyPair.ofSeed(new byte[32]);
    private static final PeerId PEER = PeerId.of(KEY.publicKey());
    private static final IdentifyProto.Identify SOUND = sound();

    @FuzzTest
    void messages(FuzzedDataProvider data) {
        read(data.consumeRemainingAsBytes());
    }

    @Test
    void anythingIsReadOrRefused() {
        IdentifyReader reader = new IdentifyReader();
        byte[] sound = SOUND.toByteArray();
        assertThat(reader.read(PEER, SOUND).protocols()).hasSize(2);
        Rounds.of(500, random -> read(random.nextBoolean() ? Rounds.damaged(random, sound) : fields(random)));
    }

    /** Fields of the right kind with anything in them. */
    private static byte[] fields(Random random) {
        IdentifyProto.Identify.Builder message = IdentifyProto.Identify.newBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            ByteString bytes = ByteString.copyFrom(
                    random.nextBoolean()
                            ? Rounds.bytes(random, 40)
                            : Rounds.damaged(random, address().toBytes()));
            switch (random.nextInt(6)) {
                case 0 -> message.addListenAddrs(bytes);
                case 1 -> message.addProtocolsBytes(bytes);
                case 2 -> message.setObservedAddr(bytes);
                case 3 -> message.setAgentVersionBytes(bytes);
                case 4 -> message.setPublicKey(random.nextInt(4) == 0 ? bytes : SOUND.getPublicKey());
                default -> message.setSignedPeerRecord(random.nextInt(4) == 0 ? bytes : SOUND.getSignedPeerRecord());
            }
        }
        return message.build().toByteArray();
    }

    private static void read(byte[] bytes) {
        try {
            PeerDescription said =
                    new IdentifyReader().read(PEER, Protobuf.parse(IdentifyProto.Identify.parser(), bytes));
            assertThat(said.protocols()).hasSizeLessThanOrEqualTo(IdentifyReader.MAX_PROTOCOLS);
            assertThat(said.addresses()).hasSizeLessThanOrEqualTo(IdentifyReader.MAX_ADDRESSES);
            assertThat(said.addresses()).allMatch(address -> PeerId.in(address).isEmpty());
        } catch (MalformedMessageException | ProtocolViolationException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
        }
    }

    private static IdentifyProto.Identify sound() {
        return IdentifyProto.Identify.newBuilder()
                .setPublicKey(ByteString.copyFrom(KEY.publicKey().encode()))
                .setProtocolVersion("ipfs/0.1.0")
                .setAgentVersion("agent/1")
                .addProtocols("/one/1.0.0")
                .addProtocols("/two/1.0.0")
                .addListenAddrs(ByteString.copyFrom(address().toBytes()))
                .setObservedAddr(ByteString.copyFrom(address().toBytes()))
                .setSignedPeerRecord(ByteString.copyFrom(
                        new PeerRecord(PEER, 7, List.of(address())).seal(KEY).toBytes()))
                .build();
    }

    private static Multiaddr address() {
        return Multiaddr.of("/ip4/203.0.113.1/tcp/4001/p2p/" + PEER);
    }
}
