package io.reactivep2p.security.tls;

import io.netty.handler.ssl.OpenSsl;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who speaks TLS. */
public enum TlsEngine {

    /** BoringSSL, where {@code io.netty:netty-tcnative-boringssl-static} is on the classpath for this platform and its native library loads. */
    BORINGSSL,

    /**
     * The JDK's engine: slower, and unable to read certificates whose issuer is empty, which is what rust-libp2p and js-libp2p send. The
     * last resort.
     */
    JDK;

    private static final Logger log = LoggerFactory.getLogger(Tls.class);

    /** Whether this JVM has it. The first call may load a native library. */
    public boolean isAvailable() {
        return switch (this) {
            case BORINGSSL -> OpenSsl.isAvailable() && "BoringSSL".equals(OpenSsl.versionString());
            case JDK -> true;
        };
    }

    /** What the system property names, or else the better one that is available. Blocks for a moment the first time: not for event loops. */
    static TlsEngine chosen() {
        return Chosen.ENGINE;
    }

    private static final class Chosen {
        static final TlsEngine ENGINE = choose(System.getProperty(Tls.ENGINE_PROPERTY));
    }

    static TlsEngine choose(@Nullable String name) {
        if (name != null) {
            TlsEngine named = valueOf(name.toUpperCase(Locale.ROOT));
            if (!named.isAvailable()) {
                throw new IllegalStateException(
                        Tls.ENGINE_PROPERTY + " names " + named + ", which is not available in this JVM");
            }
            log.info("tls: {}, as {} says", named, Tls.ENGINE_PROPERTY);
            return named;
        }
        if (BORINGSSL.isAvailable()) {
            log.info("tls: {}", BORINGSSL);
            return BORINGSSL;
        }
        log.info(
                "tls: JDK, since netty-tcnative-boringssl-static is not on the classpath or has no native library for this platform;"
                        + " rust-libp2p and js-libp2p cannot be reached by TLS");
        return JDK;
    }
}
