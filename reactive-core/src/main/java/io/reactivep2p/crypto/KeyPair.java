package io.reactivep2p.crypto;

import java.nio.file.Path;
import java.security.SecureRandom;

/** A host's identity: a private key and its public key. Immutable. */
public final class KeyPair {

    private final PrivateKey privateKey;

    private KeyPair(PrivateKey privateKey) {
        this.privateKey = privateKey;
    }

    /** A new Ed25519 pair; may block for the platform's randomness. */
    public static KeyPair generate() {
        return generate(KeyType.ED25519);
    }

    /** A new pair; may block for the platform's randomness, and RSA (2,048 bits) takes a noticeable time. */
    public static KeyPair generate(KeyType type) {
        return generate(type, new SecureRandom());
    }

    /** A new pair made of the given randomness. */
    public static KeyPair generate(KeyType type, SecureRandom random) {
        return new KeyPair(
                switch (type) {
                    case RSA -> RsaPrivateKey.generate(random);
                    case ED25519 -> {
                        byte[] seed = new byte[Ed25519PrivateKey.SEED_BYTES];
                        random.nextBytes(seed);
                        yield Ed25519PrivateKey.ofSeed(seed);
                    }
                    case SECP256K1 -> EcCurve.SECP256K1.generate(random);
                    case ECDSA -> EcCurve.P256.generate(random);
                });
    }

    /**
     * The Ed25519 pair of a 32-byte seed.
     *
     * @throws MalformedKeyException if the seed is not of 32 bytes
     */
    public static KeyPair ofSeed(byte[] seed) {
        return new KeyPair(Ed25519PrivateKey.ofSeed(seed));
    }

    public static KeyPair of(PrivateKey key) {
        return new KeyPair(key);
    }

    /**
     * Reads a protobuf-encoded private key from a file; blocks. This is the form of go-libp2p's and js-libp2p's key files.
     *
     * @throws java.io.UncheckedIOException if the file cannot be read; its cause says why, its message names the file
     * @throws MalformedKeyException if the file holds no key; the message names the file
     */
    public static KeyPair load(Path file) {
        return new KeyPair(KeyFile.read(file, PrivateKey.MAX_ENCODED_BYTES, PrivateKey::decode));
    }

    /**
     * Writes the private key to a new file that only its owner can read (where the file system knows owners); blocks. The
     * file is there with all its bytes, or not at all.
     *
     * @throws java.io.UncheckedIOException if the file exists already or cannot be written; its cause says why, its message
     *     names the file
     */
    public void save(Path file) {
        KeyFile.write(privateKey.encode(), file);
    }

    public PublicKey publicKey() {
        return privateKey.publicKey();
    }

    public PrivateKey privateKey() {
        return privateKey;
    }

    public KeyType type() {
        return privateKey.type();
    }

    /** Signs {@code message} with the private key. */
    public byte[] sign(byte[] message) {
        return privateKey.sign(message);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyPair pair && privateKey.equals(pair.privateKey);
    }

    @Override
    public int hashCode() {
        return privateKey.hashCode();
    }

    /** The public key; the private one is never printed. */
    @Override
    public String toString() {
        return "KeyPair of " + publicKey();
    }
}
