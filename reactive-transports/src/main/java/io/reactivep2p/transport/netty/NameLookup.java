package io.reactivep2p.transport.netty;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsCnameCache;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Names to IPs and texts, over Netty's DNS resolver. A lookup never fails but answers with its failure, so that one that is cancelled
 * has no error to drop.
 *
 * <p>The resolvers are made on the first lookup and, as that reads {@code resolv.conf} and the hosts file, on a thread that may block.
 */
final class NameLookup implements Disposable {

    private final DnsSpec spec;
    private final Mono<Resolvers> resolvers;
    private volatile boolean disposed;
    private volatile @Nullable Resolvers made;

    NameLookup(DnsSpec spec) {
        this.spec = spec;
        // A failure is not kept: a machine without a network now may have one later.
        this.resolvers = Mono.fromCallable(this::make)
                .subscribeOn(Schedulers.boundedElastic())
                .cache(success -> Duration.ofMillis(Long.MAX_VALUE), failure -> Duration.ZERO, () -> Duration.ZERO);
    }

    /** What was found, and why not more. */
    record Answer<T>(List<T> values, @Nullable Throwable failure) {}

    /** One resolver for each IP version: what is asked for the one never waits for the other. */
    private record Resolvers(DnsNameResolver ip4, DnsNameResolver ip6) {}

    Mono<Answer<InetAddress>> ip4(String host) {
        return ips(host, Resolvers::ip4, Inet4Address.class, new byte[] {127, 0, 0, 1});
    }

    Mono<Answer<InetAddress>> ip6(String host) {
        return ips(
                host, Resolvers::ip6, Inet6Address.class, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    }

    /** The TXT records of {@code _dnsaddr.host}. */
    Mono<Answer<String>> texts(String host) {
        return lookup(
                resolvers -> resolvers
                        .ip4()
                        .resolveAll(new DefaultDnsQuestion(DnsaddrRecords.LABEL + host, DnsRecordType.TXT)),
                NameLookup::texts);
    }

    private Mono<Answer<InetAddress>> ips(
            String host,
            Function<Resolvers, DnsNameResolver> family,
            Class<? extends InetAddress> type,
            byte[] loopback) {
        if (isLocalhost(host)) {
            return Mono.fromCallable(() -> new Answer<>(List.of(InetAddress.getByAddress(loopback)), null));
        }
        return lookup(
                resolvers -> family.apply(resolvers).resolveAll(host),
                found -> found.stream().filter(type::isInstance).toList());
    }

    /** RFC 6761, 6.3: never asked of a server, loopback whatever the hosts file says. */
    private static boolean isLocalhost(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    private static List<String> texts(List<DnsRecord> records) {
        List<String> texts = new ArrayList<>();
        for (DnsRecord record : records) {
            if (record instanceof DnsRawRecord raw) {
                DnsaddrRecords.text(raw.content()).ifPresent(texts::add);
            }
            ReferenceCountUtil.release(record);
        }
        return texts;
    }

    /** {@code reader} takes over what was found, also after a cancellation. */
    private <F, T> Mono<Answer<T>> lookup(
            Function<Resolvers, Future<List<F>>> question, Function<List<F>, List<T>> reader) {
        return resolvers
                .flatMap(resolvers -> Mono.<Answer<T>>create(sink -> {
                    Future<List<F>> asked = question.apply(resolvers);
                    asked.addListener(done -> sink.success(
                            done.isSuccess()
                                    ? new Answer<>(reader.apply(asked.getNow()), null)
                                    : new Answer<>(List.of(), done.cause())));
                }))
                // Names that no question can be made of, and no name server at all.
                .onErrorResume(e -> Mono.just(new Answer<>(List.of(), e)));
    }

    private Resolvers make() throws UnknownHostException {
        EventLoop loop = spec.loops.connections().next();
        Resolvers resolvers = new Resolvers(
                builder(loop, ResolvedAddressTypes.IPV4_ONLY).build(),
                builder(loop, ResolvedAddressTypes.IPV6_ONLY).build());
        made = resolvers;
        if (disposed) {
            close(resolvers);
            throw new UnknownHostException("the resolver is disposed");
        }
        return resolvers;
    }

    private DnsNameResolverBuilder builder(EventLoop loop, ResolvedAddressTypes types) {
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(loop)
                .datagramChannelFactory(spec.loops.datagrams())
                .socketChannelFactory(spec.loops.sockets())
                .resolvedAddressTypes(types)
                .queryTimeoutMillis(spec.queryTimeout.toMillis())
                .resolveCache(NoopDnsCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                .cnameCache(NoCnames.INSTANCE);
        return spec.servers.isEmpty()
                ? builder
                : builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(spec.servers));
    }

    @Override
    public void dispose() {
        disposed = true;
        Resolvers known = made;
        if (known != null) {
            close(known);
        }
    }

    private static void close(Resolvers resolvers) {
        resolvers.ip4().close();
        resolvers.ip6().close();
    }

    private enum NoCnames implements DnsCnameCache {
        INSTANCE;

        @Override
        public @Nullable String get(String hostname) {
            return null;
        }

        @Override
        public void cache(String hostname, String cname, long originalTtl, EventLoop loop) {}

        @Override
        public void clear() {}

        @Override
        public boolean clear(String hostname) {
            return false;
        }
    }
}
