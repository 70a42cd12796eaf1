package io.reactivep2p.security.tls;

import io.reactivep2p.Libp2p;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.testkit.HostExtension;
import io.reactivep2p.testkit.StreamContract;
import io.reactivep2p.transport.tcp.Tcp;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams over TCP, TLS and Yamux: among other things, that a receiver which asks for nothing stops the sender. */
class TlsStreamContractTest {

    private static HostExtension hosts(TlsEngine engine) {
        return HostExtension.create(() -> Libp2p.host()
                .transport(Tcp.create())
                .security(Tls.create(spec -> spec.engine(engine)))
                .muxer(Yamux.create())
                .listen("/ip4/127.0.0.1/tcp/0"));
    }

    @Nested
    class WithBoringSsl implements StreamContract {

        @RegisterExtension
        final HostExtension hosts = TlsStreamContractTest.hosts(TlsEngine.BORINGSSL);

        @Override
        public HostExtension hosts() {
            return hosts;
        }
    }

    @Nested
    class WithJdk implements StreamContract {

        @RegisterExtension
        final HostExtension hosts = TlsStreamContractTest.hosts(TlsEngine.JDK);

        @Override
        public HostExtension hosts() {
            return hosts;
        }
    }
}
