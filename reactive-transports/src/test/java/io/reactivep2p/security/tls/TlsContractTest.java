package io.reactivep2p.security.tls;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.testkit.SecureChannelContract;
import io.reactivep2p.transport.RawConnection;
import org.junit.jupiter.api.Nested;
import reactor.core.publisher.Mono;

/** The contract, with either engine and each against the other. */
class TlsContractTest {

    private static final Tls BORINGSSL = Tls.create(spec -> spec.engine(TlsEngine.BORINGSSL));
    private static final Tls JDK = Tls.create(spec -> spec.engine(TlsEngine.JDK));

    interface TlsContract extends SecureChannelContract {

        /**
         * The version in the header of a record is history (RFC 8446 section 5.1); BoringSSL protects that of encrypted records, the JDK
         * does not look at it. Nor does the JDK look at the one byte of change_cipher_spec, which is there for the eyes of middle boxes.
         */
        @Override
        default boolean matters(ByteBuf written, int index) {
            int start = 0;
            while (start + 5 + written.getUnsignedShort(start + 3) <= index) {
                start += 5 + written.getUnsignedShort(start + 3);
            }
            boolean isVersion = index == start + 1 || index == start + 2;
            boolean isChangeCipherSpec = written.getByte(start) == 20 && index == start + 5;
            return !isVersion && !isChangeCipherSpec;
        }
    }

    @Nested
    class BoringSslWithItself implements TlsContract {
        @Override
        public SecureChannel secureChannel() {
            return BORINGSSL;
        }
    }

    @Nested
    class JdkWithItself implements TlsContract {
        @Override
        public SecureChannel secureChannel() {
            return JDK;
        }
    }

    @Nested
    class BoringSslDialsJdk implements TlsContract {
        @Override
        public SecureChannel secureChannel() {
            return new Mixed(BORINGSSL, JDK);
        }
    }

    @Nested
    class JdkDialsBoringSsl implements TlsContract {
        @Override
        public SecureChannel secureChannel() {
            return new Mixed(JDK, BORINGSSL);
        }
    }

    private record Mixed(Tls dialer, Tls listener) implements SecureChannel {

        @Override
        public ProtocolId protocol() {
            return Tls.PROTOCOL;
        }

        @Override
        public Mono<SecuredConnection> secure(RawConnection raw, SecurityParameters parameters) {
            return (raw.direction().isInitiator() ? dialer : listener).secure(raw, parameters);
        }
    }
}
