package io.reactivep2p.pubsub.router;

import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.wire.EncodedMessage;
import java.util.List;
import reactor.core.publisher.MonoSink;

/**
 * A message of our own on its way out, signed and encoded already.
 *
 * @param outcome told in the serial section
 */
record Publication(RawMessage message, EncodedMessage encoded, Outcome outcome) {

    /** What became of it. */
    interface Outcome {

        /** @param to the peers in whose queues it was put, or for which it was lost */
        void published(List<PeerLink> to);

        void failed(Throwable cause);

        /** Completes a Mono. */
        static Outcome of(MonoSink<Void> sink) {
            return new Outcome() {
                @Override
                public void published(List<PeerLink> to) {
                    sink.success();
                }

                @Override
                public void failed(Throwable cause) {
                    sink.error(cause);
                }
            };
        }
    }
}
