package io.reactivep2p.muxer.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class YamuxWindowTest {

    private static final int INITIAL = 256 * 1024;
    private static final int MAX = 16 << 20;

    @Test
    void theSendWindowHoldsUpTo32Bits() {
        SendWindow window = new SendWindow();
        window.take(INITIAL);
        window.add(0xFFFF_FFFFL);
        assertThat(window.available()).isEqualTo(0xFFFF_FFFFL);
        assertThatThrownBy(() -> window.add(1)).isInstanceOf(YamuxException.class);
    }

    @Test
    void creditIsDueWhenHalfOfTheWindowWasConsumed() {
        ReceiveWindow window = new ReceiveWindow(INITIAL, 0);
        window.onReceive(INITIAL);
        assertThat(window.granted()).isZero();
        window.consumed(INITIAL / 2 - 1);
        assertThat(window.updateDue()).isFalse();
        window.consumed(1);
        assertThat(window.updateDue()).isTrue();
        assertThat(window.takeUpdate(1, -1, MAX)).isEqualTo(INITIAL / 2);
        assertThat(window.granted()).isEqualTo(INITIAL / 2);
        assertThat(window.updateDue()).isFalse();
    }

    @Test
    void moreThanWasHandedOutCannotBeConsumed() {
        ReceiveWindow window = new ReceiveWindow(INITIAL, 0);
        window.onReceive(10);
        window.consumed(4);
        assertThatThrownBy(() -> window.consumed(7)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> window.consumed(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anOverrunIsAConnectionError() {
        ReceiveWindow window = new ReceiveWindow(INITIAL, 0);
        window.onReceive(INITIAL - 1);
        assertThatThrownBy(() -> window.onReceive(2))
                .isInstanceOfSatisfying(
                        YamuxException.class, e -> assertThat(e.scope()).isEqualTo(YamuxException.Scope.CONNECTION));
    }

    @Test
    void theWindowDoublesWhileItIsUsedUpInLessThanFourRoundTrips() {
        ReceiveWindow window = new ReceiveWindow(INITIAL, 0);
        long now = 0;
        for (int size = INITIAL; size < MAX; size *= 2) {
            window.onReceive(size / 2);
            window.consumed(size / 2);
            now += 399;
            assertThat(window.takeUpdate(now, 100, MAX)).isEqualTo(size / 2 + size);
            assertThat(window.size()).isEqualTo(2 * size);
        }
        window.onReceive(MAX / 2);
        window.consumed(MAX / 2);
        assertThat(window.takeUpdate(now + 1, 100, MAX)).isEqualTo(MAX / 2);
        assertThat(window.size()).isEqualTo(MAX);
    }

    @Test
    void aSlowReaderKeepsItsWindow() {
        ReceiveWindow window = new ReceiveWindow(INITIAL, 0);
        window.onReceive(INITIAL);
        window.consumed(INITIAL);
        assertThat(window.takeUpdate(400, 100, MAX)).isEqualTo(INITIAL);
        assertThat(window.size()).isEqualTo(INITIAL);
    }

    @Test
    void aLargerWindowIsGrantedAtFirst() {
        ReceiveWindow window = new ReceiveWindow(1 << 20, 0);
        assertThat(window.granted()).isEqualTo(INITIAL);
        assertThat(window.unreturned()).isEqualTo((1 << 20) - INITIAL);
        assertThat(window.takeUpdate(0, -1, MAX)).isEqualTo((1 << 20) - INITIAL);
        assertThat(window.granted()).isEqualTo(1 << 20);
    }

    @Test
    void pingsMeasureTheRoundTripHalfOldHalfNew() {
        KeepAlive keepAlive = new KeepAlive(1_000, 100, 0);
        assertThat(keepAlive.pingDue()).isTrue();
        int value = keepAlive.takePing(10);
        assertThat(keepAlive.pingDue()).isFalse();
        keepAlive.onPong(value + 1, 20);
        assertThat(keepAlive.rttNanos()).isEqualTo(-1);
        keepAlive.onPong(value, 50);
        keepAlive.onPong(value, 60);
        assertThat(keepAlive.rttNanos()).isEqualTo(40);
        assertThat(keepAlive.nextTimeoutNanos()).isEqualTo(1_050);
        assertThat(keepAlive.onTimeout(1_050)).isFalse();
        assertThat(keepAlive.pingDue()).isTrue();
        keepAlive.onPong(keepAlive.takePing(1_060), 1_080);
        assertThat(keepAlive.rttNanos()).isEqualTo(30);
    }

    @Test
    void onlySilenceEndsTheConnection() {
        KeepAlive keepAlive = new KeepAlive(1_000, 100, 0);
        keepAlive.takePing(0);
        keepAlive.onRead(60);
        assertThat(keepAlive.onTimeout(100)).isFalse();
        assertThat(keepAlive.nextTimeoutNanos()).isEqualTo(160);
        assertThat(keepAlive.onTimeout(160)).isTrue();
    }

    @Test
    void aPingThatNeverGetsOutEndsTheConnectionToo() {
        KeepAlive keepAlive = new KeepAlive(1_000, 100, 0);
        assertThat(keepAlive.onTimeout(99)).isFalse();
        assertThat(keepAlive.onTimeout(100)).isTrue();
    }

    @Test
    void optionsOutsideTheirRangeAreRefused() {
        assertThatThrownBy(() -> Yamux.create(spec -> spec.initialWindow(1000)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Yamux.create(spec -> spec.initialWindow(MAX + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Yamux.create(spec -> spec.maxStreamWindow(Integer.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Yamux.create(spec -> spec.maxInboundStreams(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Yamux.create(spec -> spec.pingTimeout(Duration.ZERO)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
