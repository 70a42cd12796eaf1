package io.reactivep2p.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageIdTest {

    private static final long KEY_0 = 0x0706050403020100L;
    private static final long KEY_1 = 0x0f0e0d0c0b0a0908L;

    /** Vectors of the reference implementation: the bytes 0, 1, 2 and so on under the key 0 to 15. */
    @ParameterizedTest
    @CsvSource({"0, 726fdb47dd0e0e31", "1, 74f839c593dc67fd", "8, 93f5f5799a932462", "15, a129ca6149be45e5"})
    void theKeyedHashIsSipHash(int length, String expected) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        assertThat(Long.toHexString(MessageId.of(bytes).hash(KEY_0, KEY_1))).isEqualTo(expected);
    }

    @Test
    void theKeyedHashDependsOnEitherKey() {
        MessageId id = MessageId.of(new byte[20]);
        assertThat(id.hash(KEY_0, KEY_1)).isNotEqualTo(id.hash(KEY_0, 0)).isNotEqualTo(id.hash(0, KEY_1));
    }
}
