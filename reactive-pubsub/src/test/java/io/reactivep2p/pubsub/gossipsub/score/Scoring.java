package io.reactivep2p.pubsub.gossipsub.score;

import io.reactivep2p.multiformats.Multihash;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** Scores under test: a clock, and peers and messages by the dozen. */
final class Scoring {

    static final String TOPIC = "weather";

    final PeerScore score;
    long now = -5; // clocks may well start below 0

    private int peers;
    private int messages;

    Scoring(ScoreParams params) {
        this(params, peer -> 0);
    }

    Scoring(ScoreParams params, ToDoubleFunction<PeerId> application) {
        score = PeerScore.create(params, application, now);
    }

    static PeerId peerId(int number) {
        return PeerId.of(
                Multihash.sha256(ByteBuffer.allocate(4).putInt(number).array()).toBytes());
    }

    /** A new peer, connected. */
    PeerId peer() {
        PeerId peer = peerId(peers++);
        score.addPeer(peer);
        return peer;
    }

    MessageId message() {
        return MessageId.of(ByteBuffer.allocate(4).putInt(messages++).array());
    }

    void pass(Duration time) {
        now += time.toNanos();
        score.decay(now);
    }

    /** Lets time pass without a decay. */
    void wait(Duration time) {
        now += time.toNanos();
    }

    void graft(PeerId peer) {
        score.graft(peer, TOPIC, now);
    }

    void prune(PeerId peer) {
        score.prune(peer, TOPIC);
    }

    void leave(PeerId peer) {
        score.removePeer(peer, now);
    }

    double score(PeerId peer) {
        return score.score(peer);
    }

    /** The peer sends a message that is being validated from now on. */
    MessageId arrive(PeerId from) {
        MessageId id = message();
        score.validate(from, id, TOPIC, now);
        return id;
    }

    void deliver(PeerId from, MessageId id) {
        score.deliver(from, id, TOPIC, now);
    }

    void duplicate(PeerId from, MessageId id) {
        score.duplicate(from, id, TOPIC, now);
    }

    void reject(PeerId from, MessageId id) {
        score.reject(from, id, TOPIC, now);
    }

    /** The peer is the first to send so many messages, all valid. */
    void deliverFirst(PeerId from, int count) {
        for (int i = 0; i < count; i++) {
            deliver(from, arrive(from));
        }
    }
}
