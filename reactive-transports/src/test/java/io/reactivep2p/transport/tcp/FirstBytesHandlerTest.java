package io.reactivep2p.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FirstBytesHandlerTest {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> events = new ArrayList<>();
    private boolean wanted = true;

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void aChannelIsActiveWhenItsFirstBytesAreThereAndTheyStayUntilTheyAreAskedFor() {
        begin();
        receive("GE");
        receive("T");
        assertThat(events).isEmpty();
        receive(" /");
        assertThat(events).containsExactly("HTTP", "active");

        channel.pipeline().read();
        assertThat(events).as("not in this turn").hasSize(2);
        channel.runPendingTasks();
        assertThat(events).containsExactly("HTTP", "active", "GET /");
        assertThat(channel.pipeline().get(FirstBytesHandler.class)).isNull();
        receive("more");
        assertThat(events).endsWith("more");
    }

    @Test
    void whatSaysNothingIsClosed() {
        begin();
        receive("GE");
        channel.advanceTimeBy(FirstBytesHandler.TIME_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(events).containsExactly("inactive");
    }

    @Test
    void whatSpokeHasNoTimer() {
        begin();
        receive("x");
        channel.advanceTimeBy(FirstBytesHandler.TIME_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void whatNobodyWantsIsClosedAndReleased() {
        wanted = false;
        begin();
        receive("GET / HTTP/1.1");
        assertThat(channel.isOpen()).isFalse();
        assertThat(events).containsExactly("HTTP", "inactive");
    }

    @Test
    void whatIsHeldIsReleasedIfTheHandlerIsRemovedBetweenTheQuestionAndTheAnswer() {
        begin();
        receive("x");
        channel.pipeline().read();
        channel.pipeline().remove(FirstBytesHandler.class);
        channel.runPendingTasks();
        assertThat(events).containsExactly("PLAIN", "active");
    }

    private void begin() {
        channel.freezeTime();
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(new FirstBytesHandler((here, kind) -> {
            events.add(kind.name());
            return wanted;
        }));
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                events.add("active");
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                events.add("inactive");
            }

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ByteBuf bytes = (ByteBuf) message;
                events.add(bytes.toString(StandardCharsets.US_ASCII));
                bytes.release();
            }
        });
        channel.pipeline().fireChannelActive();
    }

    private void receive(String text) {
        channel.writeInbound(
                allocator.directBuffer(text.length()).writeBytes(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
