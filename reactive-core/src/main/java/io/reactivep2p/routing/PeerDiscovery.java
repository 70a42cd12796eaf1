package io.reactivep2p.routing;

import io.reactivep2p.peer.PeerInfo;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Lets peers that have something in common find each other by its name, the namespace. Made for one host, whose id and addresses it
 * advertises. Methods may be called from any thread and do not block; publishers do nothing until subscribed to, and each subscription
 * asks anew.
 *
 * <p>What is found is what strangers say: ids that may belong to nobody, addresses that may be anybody's, and this host itself. Whoever
 * dials them bounds how many, and believes the addresses for a short time only ({@code Peerstore.TEMPORARY_TTL}).
 *
 * <p>How long a namespace may be, and of which characters, is the implementation's to say (the rendezvous specification: 255 bytes); one
 * that it does not take is an error of the publisher.
 */
public interface PeerDiscovery {

    /**
     * Has this host found under {@code namespace} for a while. There is no taking it back: it ends with its time, unless it is asked for
     * again before.
     *
     * <p><b>Completion</b>: with the time for which this host will be found: {@code ttl}, or less where the discovery grants no more.
     * Empty counts as an error. <b>Errors</b>: nobody could be told; may be tried again later. <b>Cancellation</b>: gives up; who was told
     * already remembers it for up to {@code ttl}.
     *
     * @param ttl longer than zero
     */
    Mono<Duration> advertise(String namespace, Duration ttl);

    /**
     * The peers that are advertised under {@code namespace} now, in any order; the same one may come more than once.
     *
     * <p><b>Completion</b>: nobody else can be found for now, or {@code limit} are. It need not complete, and whoever cannot wait cancels.
     * <b>Errors</b>: nobody could be asked; those found before it are found nonetheless. <b>Backpressure</b>: emits what is requested, and
     * searches no further than is needed for it and what is being asked already. <b>Cancellation</b>: stops the search.
     *
     * @param limit the most peers that are emitted, at least 1
     */
    Flux<PeerInfo> findPeers(String namespace, int limit);
}
