package io.reactivep2p.pubsub.gossipsub.mesh;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IhaveLedgerTest {

    private final IhaveLedger ledger = new IhaveLedger(10, 5_000);

    @Test
    void tenMessagesAreReadBetweenHeartbeats() {
        for (int i = 0; i < 10; i++) {
            assertThat(ledger.admit(peer(1))).isEqualTo(5_000);
        }
        assertThat(ledger.admit(peer(1))).isZero();
        assertThat(ledger.admit(peer(2))).isEqualTo(5_000);

        ledger.clear();
        assertThat(ledger.admit(peer(1))).isEqualTo(5_000);
    }

    @Test
    void whatAPeerWasAskedForIsTakenFromWhatItMayBeAsked() {
        ledger.asked(peer(1), 4_999);
        assertThat(ledger.admit(peer(1))).isEqualTo(1);
        ledger.asked(peer(1), 1);
        assertThat(ledger.admit(peer(1))).isZero();
    }
}
