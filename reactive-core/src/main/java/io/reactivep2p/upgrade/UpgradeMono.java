package io.reactivep2p.upgrade;

import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.transport.RawConnection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** The upgrade of one raw connection, which can happen once. */
final class UpgradeMono extends Mono<MuxedConnection> {

    private final ConnectionUpgrader upgrader;
    private final RawConnection raw;
    private final @Nullable PeerId expectedPeer;
    private final AtomicBoolean taken = new AtomicBoolean();

    UpgradeMono(ConnectionUpgrader upgrader, RawConnection raw, @Nullable PeerId expectedPeer) {
        this.upgrader = upgrader;
        this.raw = raw;
        this.expectedPeer = expectedPeer;
    }

    @Override
    public void subscribe(CoreSubscriber<? super MuxedConnection> actual) {
        if (taken.compareAndSet(false, true)) {
            actual.onSubscribe(new Upgrade(upgrader, raw, expectedPeer, actual));
        } else {
            Operators.error(actual, new IllegalStateException("a raw connection is upgraded once"));
        }
    }
}
