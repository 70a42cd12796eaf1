package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.testing.TrackingAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BufferQueueTest {

    private final TrackingAllocator allocator = new TrackingAllocator();
    private final BufferQueue queue = new BufferQueue();

    @AfterEach
    void nothingIsLeaked() {
        queue.clear();
        allocator.assertAllReleased();
    }

    private String next() {
        ByteBuf data = queue.poll();
        String text = data.toString(StandardCharsets.UTF_8);
        data.release();
        return text;
    }

    @Test
    void ringKeepsItsOrderWhileItGrowsAndTurns() {
        int in = 0;
        int out = 0;
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < 5; i++) {
                queue.add(allocator.of("" + in++));
            }
            for (int i = 0; i < 3; i++) {
                assertThat(next()).isEqualTo("" + out++);
            }
        }
        assertThat(queue.size()).isEqualTo(in - out);
        while (!queue.isEmpty()) {
            assertThat(next()).isEqualTo("" + out++);
        }
        assertThat(queue.poll()).isNull();
    }

    @Test
    void bufferThatIsOutIsNotAppendedTo() {
        queue.addCompact(allocator.of("a"), allocator);
        queue.addCompact(allocator.of("b"), allocator);
        assertThat(next()).isEqualTo("a");
        ByteBuf out = queue.poll();
        queue.addCompact(allocator.of("c"), allocator);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("b");
        out.release();
        assertThat(next()).isEqualTo("c");
    }

    @Test
    void orderHoldsBetweenCopiedAndKeptPieces() {
        queue.addCompact(allocator.of("a".repeat(600)), allocator);
        queue.addCompact(allocator.of("b"), allocator);
        queue.addCompact(allocator.of("c".repeat(600)), allocator);
        queue.addCompact(allocator.of("d"), allocator);
        queue.addCompact(allocator.of("e"), allocator);
        assertThat(next() + next() + next() + next()).isEqualTo("a".repeat(600) + "b" + "c".repeat(600) + "de");
    }

    @Test
    void singleSmallPieceOfItsOwnSizeIsNotCopied() {
        ByteBuf data = allocator.of("exact");
        queue.addCompact(data, allocator);
        assertThat(queue.poll()).isSameAs(data);
        data.release();
    }

    @Test
    void heapCopyKeepsTheOrderAndReleasesTheRest() {
        for (int i = 0; i < 20; i++) {
            queue.add(allocator.of(i + ","));
        }
        assertThat(next()).isEqualTo("0,");
        queue.moveToHeap();
        allocator.assertAllReleased();
        for (int i = 1; i < 20; i++) {
            assertThat(next()).isEqualTo(i + ",");
        }
    }
}
