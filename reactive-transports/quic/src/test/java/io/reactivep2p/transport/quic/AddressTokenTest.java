package io.reactivep2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class AddressTokenTest {

    private static final long NOW = 77;
    private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, 8};
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 4001);

    private final AddressToken tokens = new AddressToken(new byte[AddressToken.KEY_BYTES]);

    private ByteBuf token(byte[] id) {
        ByteBuf out = Unpooled.buffer();
        tokens.write(out, Unpooled.wrappedBuffer(id), CLIENT, NOW);
        return out;
    }

    @Test
    void whoBringsItBackHasTheAddressAndTheOriginalId() {
        for (int length : new int[] {0, 8, 20}) {
            ByteBuf token = token(new byte[length]);
            assertThat(token.readableBytes()).isLessThanOrEqualTo(AddressToken.MAX_BYTES);
            int at = tokens.verify(token, CLIENT, NOW + 1);
            assertThat(at).isPositive();
            assertThat(token.readableBytes() - at).isEqualTo(length);
        }
        ByteBuf token = token(ID);
        assertThat(token.slice(tokens.verify(token, CLIENT, NOW), ID.length)).isEqualTo(Unpooled.wrappedBuffer(ID));
    }

    @Test
    void anotherAddressPortOrKeyDoesNotDo() {
        ByteBuf token = token(ID);
        assertThat(tokens.verify(token, new InetSocketAddress("192.0.2.2", 4001), NOW))
                .isEqualTo(-1);
        assertThat(tokens.verify(token, new InetSocketAddress("192.0.2.1", 4002), NOW))
                .isEqualTo(-1);
        byte[] key = new byte[AddressToken.KEY_BYTES];
        key[0] = 1;
        assertThat(new AddressToken(key).verify(token, CLIENT, NOW)).isEqualTo(-1);
    }

    @Test
    void itDoesNotLastAndIsNotFromTheFuture() {
        ByteBuf token = token(ID);
        assertThat(tokens.verify(token, CLIENT, NOW + AddressToken.LIFETIME_NANOS))
                .isPositive();
        assertThat(tokens.verify(token, CLIENT, NOW + AddressToken.LIFETIME_NANOS + 1))
                .isEqualTo(-1);
        assertThat(tokens.verify(token, CLIENT, NOW - 1)).isEqualTo(-1);
    }

    @Test
    void eachChangedBitAndEachCutIsNoticed() {
        ByteBuf token = token(ID);
        for (int bit = 0; bit < token.readableBytes() * Byte.SIZE; bit++) {
            ByteBuf changed = token.copy();
            changed.setByte(bit / Byte.SIZE, changed.getByte(bit / Byte.SIZE) ^ 1 << bit % Byte.SIZE);
            assertThat(tokens.verify(changed, CLIENT, NOW))
                    .describedAs("bit %d", bit)
                    .isEqualTo(-1);
        }
        for (int length = 0; length < token.readableBytes(); length++) {
            assertThat(tokens.verify(token.slice(0, length), CLIENT, NOW))
                    .describedAs("%d bytes", length)
                    .isEqualTo(-1);
        }
        assertThat(tokens.verify(Unpooled.wrappedBuffer(token, Unpooled.wrappedBuffer(new byte[100])), CLIENT, NOW))
                .isEqualTo(-1);
    }

    @Test
    void noIdIsLongerThanTwentyBytes() {
        assertThatThrownBy(() -> token(new byte[21])).isInstanceOf(IllegalArgumentException.class);
    }
}
