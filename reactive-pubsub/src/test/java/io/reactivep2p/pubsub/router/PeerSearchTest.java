package io.reactivep2p.pubsub.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.gossipsub.TestPeers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;

class PeerSearchTest {

    private final List<PeerInfo> found = new ArrayList<>();
    private final List<@Nullable Throwable> ends = new ArrayList<>();
    private final SerialSection section = new SerialSection(Schedulers.immediate(), () -> {});
    private final TestPublisher<PeerInfo> publisher =
            TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
    private final PeerSearch search = new PeerSearch("news", section, new PeerSearch.Owner() {
        @Override
        public void found(PeerSearch search, PeerInfo peer) {
            found.add(peer);
        }

        @Override
        public void ended(PeerSearch search, @Nullable Throwable cause) {
            ends.add(cause);
        }
    });

    @Test
    void onePeerIsRequestedAtATime() {
        publisher.subscribe(search);
        publisher.assertMinRequested(1).assertMaxRequested(1);

        publisher.next(peer(1));
        assertThat(found).containsExactly(peer(1));
        search.more();
        publisher.next(peer(2)).complete();

        assertThat(found).containsExactly(peer(1), peer(2));
        assertThat(ends).hasSize(1).containsOnlyNulls();
    }

    @Test
    void whatNobodyRequestedIsNotKeptAndEndsTheSearchOnce() {
        publisher.subscribe(search);

        for (int i = 1; i <= 1_000; i++) {
            publisher.next(peer(i));
        }

        assertThat(found).containsExactly(peer(1));
        assertThat(ends).singleElement().isInstanceOf(IllegalStateException.class);
    }

    private static PeerInfo peer(int number) {
        return new PeerInfo(TestPeers.peer(number), List.of());
    }
}
