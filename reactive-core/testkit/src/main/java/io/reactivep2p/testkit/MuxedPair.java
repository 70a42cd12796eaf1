package io.reactivep2p.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.StreamMuxer;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.transport.RawConnection;
import java.util.ArrayList;
import java.util.List;

/** A muxer at both ends of a {@link WirePair}, with nothing between muxer and wire. */
final class MuxedPair implements AutoCloseable {

    private static final ProtocolId NO_SECURITY = ProtocolId.of("/none");
    private static final KeyPair DIALER = KeyPair.generate();
    private static final KeyPair LISTENER = KeyPair.generate();

    final WirePair wire;
    final MuxedConnection dialer;
    final MuxedConnection listener;

    /** What the listener accepted, in order. */
    final List<RecordingStream> accepted = new ArrayList<>();

    MuxedPair(StreamMuxer muxer, long seed) {
        this(muxer, seed, true);
    }

    MuxedPair(StreamMuxer muxer, long seed, boolean accepting) {
        this.wire = new WirePair(seed, 64 * 1024);
        this.dialer = muxer.mux(secured(wire.dialed(), DIALER, LISTENER));
        dialer.acceptStreams(stream -> {});
        this.listener = muxer.mux(secured(wire.accepted(), LISTENER, DIALER));
        if (accepting) {
            listener.acceptStreams(stream -> accepted.add(new RecordingStream(stream)));
        }
        wire.pump();
    }

    /** Opens a stream from the dialer; nobody is attached to it. */
    MuxedStream open() {
        List<MuxedStream> opened = new ArrayList<>();
        dialer.openStream().subscribe(opened::add);
        wire.pump();
        assertThat(opened).hasSize(1);
        return opened.get(0);
    }

    /** A stream open at both ends. */
    Both openBoth() {
        int before = accepted.size();
        RecordingStream here = new RecordingStream(open());
        here.write(1); // a muxer may tell of a stream with its first bytes
        wire.pump();
        assertThat(accepted).hasSize(before + 1);
        RecordingStream there = accepted.get(before);
        there.consumeAll();
        wire.pump();
        return new Both(here, there);
    }

    record Both(RecordingStream here, RecordingStream there) {}

    private static SecuredConnection secured(RawConnection raw, KeyPair local, KeyPair remote) {
        return new SecuredConnection(
                raw,
                PeerId.of(local.publicKey()),
                PeerId.of(remote.publicKey()),
                remote.publicKey(),
                NO_SECURITY,
                null);
    }

    @Override
    public void close() {
        wire.close();
    }
}
