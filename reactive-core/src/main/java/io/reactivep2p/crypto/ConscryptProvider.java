package io.reactivep2p.crypto;

import java.security.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Conscrypt, Google's security provider over BoringSSL, where an application has it: {@code org.conscrypt:conscrypt-openjdk-uber} on the
 * classpath, on a platform that it has a native library for. It is not installed among the JVM's providers.
 */
public final class ConscryptProvider {

    private static final String CLASS = "org.conscrypt.Conscrypt";

    private ConscryptProvider() {}

    /** The provider, {@code null} where there is none. Blocks on first use, while the native library is loaded. */
    public static @Nullable Provider find() {
        return Found.PROVIDER;
    }

    private static final class Found {

        static final @Nullable Provider PROVIDER = load();

        private static @Nullable Provider load() {
            try {
                // By reflection: the dependency is optional, and its class initialiser fails where it has no native
                // library.
                return (Provider) Class.forName(CLASS).getMethod("newProvider").invoke(null);
            } catch (ReflectiveOperationException | LinkageError absent) {
                return null;
            }
        }
    }
}
