package io.reactivep2p.testkit.sim;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.StreamMuxer;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.transport.RawConnection;
import reactor.core.publisher.Mono;

/** An upgrader needs layers, even that of a host which never upgrades a connection. */
final class NoLayers {

    static final SecureChannel SECURITY = new SecureChannel() {
        @Override
        public ProtocolId protocol() {
            return SimConnection.NAME;
        }

        @Override
        public Mono<SecuredConnection> secure(RawConnection raw, SecurityParameters parameters) {
            return Mono.error(new UnsupportedOperationException("simulated connections come secured"));
        }
    };

    static final StreamMuxer MUXER = new StreamMuxer() {
        @Override
        public ProtocolId protocol() {
            return SimConnection.NAME;
        }

        @Override
        public MuxedConnection mux(SecuredConnection secured) {
            throw new UnsupportedOperationException("simulated connections come multiplexed");
        }
    };

    private NoLayers() {}
}
