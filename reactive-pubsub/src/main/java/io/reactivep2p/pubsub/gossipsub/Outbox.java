package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What the router wants done. Drained after each call, so it holds no more than one call makes. */
@SansIo
final class Outbox {

    private final Queue<RouterOutput> outputs = new ArrayDeque<>();

    void add(RouterOutput output) {
        outputs.add(output);
    }

    void control(PeerId to, Control control) {
        outputs.add(new RouterOutput.SendControl(to, control));
    }

    void event(PubsubEvent event) {
        outputs.add(new RouterOutput.Notify(event));
    }

    @Nullable
    RouterOutput poll() {
        return outputs.poll();
    }
}
