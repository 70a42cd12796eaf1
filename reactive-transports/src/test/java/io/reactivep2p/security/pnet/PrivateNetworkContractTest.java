package io.reactivep2p.security.pnet;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.testkit.SecureChannelContract;
import io.reactivep2p.transport.RawConnection;
import java.security.SecureRandom;
import reactor.core.publisher.Mono;

/** Noise keeps its promises inside a private network. */
class PrivateNetworkContractTest implements SecureChannelContract {

    private static final PrivateNetwork NETWORK = PrivateNetwork.create(PreSharedKey.generate(new SecureRandom()));

    @Override
    public SecureChannel secureChannel() {
        SecureChannel noise = Noise.create();
        return new SecureChannel() {
            @Override
            public ProtocolId protocol() {
                return noise.protocol();
            }

            @Override
            public Mono<SecuredConnection> secure(RawConnection raw, SecurityParameters parameters) {
                return Mono.defer(() -> {
                    NETWORK.protect(raw);
                    return noise.secure(raw, parameters);
                });
            }
        };
    }
}
