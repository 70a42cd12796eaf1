package io.reactivep2p.testkit;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import java.util.EnumMap;
import java.util.Map;

/**
 * Key pairs of each type for tests that prove something about a type of key, whichever key it is. They are generated once in a JVM: an
 * RSA key takes longer than most tests. A test that needs a key nobody has seen generates one.
 */
public final class TestKeys {

    private static final Map<KeyType, KeyPair> DIALERS = new EnumMap<>(KeyType.class);
    private static final Map<KeyType, KeyPair> LISTENERS = new EnumMap<>(KeyType.class);

    private TestKeys() {}

    /** The key pair of the one who dials, of this type. */
    public static KeyPair dialer(KeyType type) {
        return of(type, DIALERS);
    }

    /** The key pair of the one who listens, of this type. */
    public static KeyPair listener(KeyType type) {
        return of(type, LISTENERS);
    }

    private static KeyPair of(KeyType type, Map<KeyType, KeyPair> pairs) {
        synchronized (pairs) {
            return pairs.computeIfAbsent(type, KeyPair::generate);
        }
    }
}
