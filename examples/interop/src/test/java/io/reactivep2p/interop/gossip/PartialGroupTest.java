package io.reactivep2p.interop.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PartialGroupTest {

    private static final long GROUP = 42;

    @Test
    void partsCountOnFromTheGroup() {
        PartialGroup group = new PartialGroup(GROUP);
        group.fill(0b1000_0001);

        byte[] message = group.partsFor(new byte[] {0});

        assertThat(message).hasSize(1 + 2 * PartialGroup.PART_BYTES + Long.BYTES);
        ByteBuffer bytes = ByteBuffer.wrap(message);
        assertThat(bytes.get(0)).isEqualTo((byte) 0b1000_0001);
        assertThat(bytes.getLong(1)).isEqualTo(GROUP);
        assertThat(bytes.getLong(message.length - 2 * Long.BYTES)).isEqualTo(GROUP + 1023);
        assertThat(bytes.getLong(message.length - Long.BYTES)).isEqualTo(GROUP);
    }

    @Test
    void twoHalvesMakeAWhole() {
        PartialGroup even = new PartialGroup(GROUP);
        even.fill(0b0101_0101);
        PartialGroup odd = new PartialGroup(GROUP);
        odd.fill(0b1010_1010);
        PartialGroup whole = new PartialGroup(GROUP);
        whole.fill(0xff);
        assertThat(even.lacksOf(odd.metadata())).isTrue();

        assertThat(even.extend(odd.partsFor(even.metadata()))).isTrue();

        assertThat(even.isComplete()).isTrue();
        assertThat(even.lacksOf(odd.metadata())).isFalse();
        assertThat(even.partsFor(new byte[1])).isEqualTo(whole.partsFor(new byte[1]));
    }

    @Test
    void whatIsThereAlreadyIsNothingNew() {
        PartialGroup some = new PartialGroup(GROUP);
        some.fill(0b11);
        PartialGroup fewer = new PartialGroup(GROUP);
        fewer.fill(0b1);

        assertThat(some.extend(fewer.partsFor(new byte[1]))).isFalse();
        assertThat(fewer.partsFor(some.metadata())).isNull();
    }

    @Test
    void whatIsNotPartsOfTheGroupIsRefused() {
        PartialGroup group = new PartialGroup(GROUP);
        PartialGroup other = new PartialGroup(GROUP + 1);
        other.fill(0b1);
        byte[] parts = other.partsFor(new byte[1]);

        assertThatThrownBy(() -> group.extend(parts)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> other.extend(Arrays.copyOf(parts, parts.length - 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> group.extend(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }
}
