package io.reactivep2p.security.noise;

import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.testkit.SecureChannelContract;

class NoiseContractTest implements SecureChannelContract {

    @Override
    public SecureChannel secureChannel() {
        return Noise.create();
    }
}
