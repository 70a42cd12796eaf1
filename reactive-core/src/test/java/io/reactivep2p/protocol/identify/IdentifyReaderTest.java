package io.reactivep2p.protocol.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.protocol.identify.pb.IdentifyProto;
import org.junit.jupiter.api.Test;

class IdentifyReaderTest {

    private final IdentifyReader reader = new IdentifyReader();
    private final PublicKey key = KeyPair.generate().publicKey();

    @Test
    void keyThatTheIdHoldsIsTakenFromThere() {
        assertThat(reader.read(PeerId.of(key), message(key)).key()).isSameAs(key);
    }

    @Test
    void keyOfWhichTheIdHoldsAHashIsRead() {
        PublicKey hashed = KeyPair.generate(KeyType.ECDSA).publicKey();
        assertThat(reader.read(PeerId.of(hashed), message(hashed)).key()).isEqualTo(hashed);
    }

    @Test
    void keyOfAnotherPeerIsRefused() {
        PublicKey another = KeyPair.generate().publicKey();
        assertThatThrownBy(() -> reader.read(PeerId.of(key), message(another)))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageContaining(PeerId.of(another).toString());
    }

    @Test
    void keyThatIsNoneIsRefused() {
        IdentifyProto.Identify message = IdentifyProto.Identify.newBuilder()
                .setPublicKey(ByteString.copyFrom(new byte[] {8, 1, 18, 1, 0}))
                .build();
        assertThatThrownBy(() -> reader.read(PeerId.of(key), message))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageContaining("malformed");
    }

    private static IdentifyProto.Identify message(PublicKey key) {
        return IdentifyProto.Identify.newBuilder()
                .setPublicKey(ByteString.copyFrom(key.encode()))
                .build();
    }
}
