package io.reactivep2p.transport.quic;

import io.reactivep2p.transport.Transport;
import io.reactivep2p.transport.TransportProvider;

/** Found by {@link java.util.ServiceLoader}. */
public final class QuicProvider implements TransportProvider {

    @Override
    public Transport create() {
        return Quic.create();
    }
}
