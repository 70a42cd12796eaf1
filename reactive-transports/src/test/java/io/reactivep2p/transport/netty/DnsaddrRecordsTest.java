package io.reactivep2p.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.multiformats.Multiaddr;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsaddrRecordsTest {

    @Test
    void stringsAreJoined() {
        assertThat(text(3, 'a', 'b', 'c', 0, 1, 'd')).contains("abcd");
        assertThat(text()).contains("");
        assertThat(text(0)).contains("");
    }

    @Test
    void aLengthBeyondTheDataMakesNoText() {
        assertThat(text(4, 'a', 'b', 'c')).isEmpty();
        assertThat(text(1, 'a', 255)).isEmpty();
    }

    @Test
    void anyBytesAreReadToTheirEnd() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            ByteBuf data = Unpooled.wrappedBuffer(bytes);
            List<String> texts = DnsaddrRecords.text(data).map(List::of).orElse(List.of());
            assertThat(DnsaddrRecords.matching(texts, null)).as("seed " + seed).isEmpty();
        }
    }

    @Test
    void recordsBeyondTheLimitAreNotLookedAt() {
        List<String> texts = Collections.nCopies(100_000, "dnsaddr=/ip4/192.0.2.1/tcp/1");
        assertThat(DnsaddrRecords.matching(texts, null)).hasSize(DnsaddrRecords.MAX_RECORDS);
    }

    @Test
    void theSuffixIsComparedByComponents() {
        List<String> texts = List.of("dnsaddr=/dns4/a.tcp/tcp/11", "dnsaddr=/ip4/192.0.2.1/tcp/1");
        assertThat(DnsaddrRecords.matching(texts, Multiaddr.of("/tcp/1"))).hasToString("[/ip4/192.0.2.1/tcp/1]");
    }

    private static java.util.Optional<String> text(int... bytes) {
        ByteBuf data = Unpooled.buffer();
        for (int value : bytes) {
            data.writeByte(value);
        }
        return DnsaddrRecords.text(data);
    }
}
