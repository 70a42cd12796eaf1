package io.reactivep2p.security.plaintext;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.testkit.SecureChannelContract;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** What plaintext can keep of the promises of a secure channel: all but the one that needs security. */
class PlaintextContractTest implements SecureChannelContract {

    private final Plaintext plaintext =
            Plaintext.create(warning -> assertThat(warning).isNotEmpty());

    @Override
    public SecureChannel secureChannel() {
        return plaintext;
    }

    @Override
    public boolean negotiatesMuxers() {
        return false;
    }

    /** A changed bit behind the exchange is passed on as it came: see the package documentation. */
    @Test
    @Disabled("plaintext protects nothing; PlaintextTest shows what a changed bit of the exchange does")
    @Override
    public void aFlippedBitClosesTheConnection() {}
}
