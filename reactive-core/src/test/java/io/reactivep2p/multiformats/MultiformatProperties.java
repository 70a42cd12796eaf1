package io.reactivep2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/** What holds for every input: it is refused with the typed exception, or it comes back as it was. */
final class MultiformatProperties {

    private MultiformatProperties() {}

    static void varint(byte[] input) {
        ByteBuf in = Unpooled.wrappedBuffer(input);
        long value;
        try {
            value = Varint.tryRead(in);
        } catch (MultiformatException expected) {
            assertRefused(() -> Varint.read(input, 0, input.length));
            return;
        }
        if (value < 0) {
            assertThat(in.readerIndex()).isZero();
            assertRefused(() -> Varint.read(in));
            assertRefused(() -> Varint.read(input, 0, input.length));
            return;
        }
        assertThat(Varint.read(input, 0, input.length)).isEqualTo(value);
        assertThat(Varint.toBytes(value)).isEqualTo(Arrays.copyOf(input, in.readerIndex()));
    }

    static void multihash(byte[] input) {
        ByteBuf in = Unpooled.wrappedBuffer(input);
        Multihash front;
        try {
            front = Multihash.read(in);
        } catch (MultiformatException expected) {
            assertThat(in.readerIndex()).isZero();
            assertRefused(() -> Multihash.of(input));
            return;
        }
        assertThat(front.toBytes()).isEqualTo(Arrays.copyOf(input, in.readerIndex()));
        assertThat(Multihash.of(front.code(), front.digest())).isEqualTo(front);
        if (in.isReadable()) {
            assertRefused(() -> Multihash.of(input));
        } else {
            assertThat(Multihash.of(input)).isEqualTo(front);
        }
    }

    static void multibase(String input) {
        byte[] bytes;
        try {
            bytes = Multibase.decode(input);
        } catch (MultiformatException expected) {
            return;
        }
        String canonical = Multibase.ofText(input).orElseThrow().encode(bytes);
        assertThat(canonical).isEqualToIgnoringCase(input);
        assertThat(Multibase.decode(canonical)).isEqualTo(bytes);
    }

    static void cid(String input) {
        Cid cid;
        try {
            cid = Cid.of(input);
        } catch (MultiformatException expected) {
            return;
        }
        assertThat(Cid.of(cid.toString())).isEqualTo(cid);
        assertThat(Cid.of(cid.toBytes())).isEqualTo(cid);
    }

    static void cid(byte[] input) {
        Cid cid;
        try {
            cid = Cid.of(input);
        } catch (MultiformatException expected) {
            return;
        }
        assertThat(cid.toBytes()).isEqualTo(input);
        assertThat(Cid.of(cid.toString())).isEqualTo(cid);
    }

    static void multiaddr(String input) {
        Multiaddr address;
        try {
            address = Multiaddr.of(input);
        } catch (MultiformatException expected) {
            return;
        }
        comesBack(address);
    }

    static void multiaddr(byte[] input) {
        Multiaddr address;
        try {
            address = Multiaddr.of(input);
        } catch (MultiformatException expected) {
            return;
        }
        assertThat(address.toBytes()).isEqualTo(input);
        comesBack(address);
    }

    private static void comesBack(Multiaddr address) {
        String text = address.toString();
        assertThat(text).hasSizeLessThanOrEqualTo(Multiaddr.MAX_TEXT_LENGTH);
        assertThat(Multiaddr.of(text))
                .isEqualTo(address)
                .hasSameHashCodeAs(address)
                .hasToString(text);
        assertThat(Multiaddr.of(address.toBytes())).isEqualTo(address).hasToString(text);
        assertThat(Multiaddr.of(address.components())).isEqualTo(address);
    }

    private static void assertRefused(Runnable reading) {
        try {
            reading.run();
        } catch (MultiformatException expected) {
            return;
        }
        throw new AssertionError("accepted");
    }
}
