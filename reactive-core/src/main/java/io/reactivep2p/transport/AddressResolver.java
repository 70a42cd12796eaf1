package io.reactivep2p.transport;

import io.reactivep2p.multiformats.Multiaddr;
import reactor.core.publisher.Flux;

/**
 * Turns an address with a name in it ({@code dns}, {@code dns4}, {@code dns6}, {@code dnsaddr}) into the concrete addresses behind
 * it, so that they can be ranked and dialed one by one.
 */
@FunctionalInterface
public interface AddressResolver {

    /** Resolves no name: each address passes as it is. */
    AddressResolver NONE = Flux::just;

    /**
     * The concrete addresses behind {@code address}; an address without a name passes as it is. Everything but the name is kept, so a
     * trailing {@code /p2p/...} is, too. How many addresses come and how many questions are asked is bounded.
     *
     * <p>The name is gone from the results, but where the remote side proves it: {@code /dns4/H/tcp/P/tls/ws} becomes {@code
     * /ip4/A/tcp/P/tls/sni/H/ws}.
     *
     * <p><b>Completion</b>: after at least one address.
     *
     * <p><b>Errors</b>: {@link TransportException} naming {@code address} if there is not one; an answer that fails beside others that
     * do not is left out.
     *
     * <p><b>Cancellation</b>: asks no further.
     */
    Flux<Multiaddr> resolve(Multiaddr address);
}
