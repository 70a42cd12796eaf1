package io.reactivep2p.testkit;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.crypto.PrivateKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Key pairs of each type for tests that prove something about a type of key, whichever key it is. They are generated once in a JVM; those
 * of RSA, which take longer than most tests, are always the same. A test that needs a key nobody has seen generates one.
 */
public final class TestKeys {

    private static final Map<KeyType, KeyPair> DIALERS = new EnumMap<>(KeyType.class);
    private static final Map<KeyType, KeyPair> LISTENERS = new EnumMap<>(KeyType.class);

    private TestKeys() {}

    /** The key pair of the one who dials, of this type. */
    public static KeyPair dialer(KeyType type) {
        return of(type, DIALERS, "dialer");
    }

    /** The key pair of the one who listens, of this type. */
    public static KeyPair listener(KeyType type) {
        return of(type, LISTENERS, "listener");
    }

    private static KeyPair of(KeyType type, Map<KeyType, KeyPair> pairs, String whose) {
        synchronized (pairs) {
            return pairs.computeIfAbsent(type, one -> one == KeyType.RSA ? rsa(whose) : KeyPair.generate(one));
        }
    }

    private static KeyPair rsa(String whose) {
        try (InputStream in = Objects.requireNonNull(TestKeys.class.getResourceAsStream(whose + "-rsa.key"))) {
            return KeyPair.of(PrivateKey.decode(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
