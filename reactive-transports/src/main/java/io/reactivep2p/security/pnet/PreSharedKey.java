package io.reactivep2p.security.pnet;

import io.reactivep2p.crypto.KeyFile;
import io.reactivep2p.crypto.MalformedKeyException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.engines.Salsa20Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** The secret of a private network. Immutable; it is never printed, its {@link #fingerprint} is. */
public final class PreSharedKey {

    /** How long a key is, in bytes. */
    public static final int BYTES = 32;

    private static final int FINGERPRINT_BYTES = 16;
    private static final byte[] FINGERPRINT_NONCE = "finprint".getBytes(StandardCharsets.US_ASCII);

    private final byte[] secret;
    private final String fingerprint;

    private PreSharedKey(byte[] secret) {
        this.secret = secret;
        this.fingerprint = fingerprint(secret);
    }

    /** @throws MalformedKeyException if the key is not of {@value #BYTES} bytes */
    public static PreSharedKey of(byte[] secret) {
        if (secret.length != BYTES) {
            throw new MalformedKeyException("a pre-shared key has " + BYTES + " bytes, not " + secret.length);
        }
        return new PreSharedKey(secret.clone());
    }

    /** A new key; may block for the randomness. */
    public static PreSharedKey generate(SecureRandom random) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        return new PreSharedKey(secret);
    }

    /**
     * Reads the content of a key file, as it is described in the package.
     *
     * @throws MalformedKeyException saying what was expected, and quoting nothing
     */
    public static PreSharedKey decode(byte[] file) {
        return new PreSharedKey(PreSharedKeyCodec.decode(file));
    }

    /**
     * Reads a key file, as it is described in the package; blocks.
     *
     * @throws java.io.UncheckedIOException if the file cannot be read; its cause says why, its message names the file
     * @throws MalformedKeyException if it is no key file; the message names the file and quotes nothing of it
     */
    public static PreSharedKey load(Path file) {
        return KeyFile.read(file, PreSharedKeyCodec.MAX_FILE_BYTES, PreSharedKey::decode);
    }

    /** The content of a key file, in base16. */
    public byte[] encode() {
        return PreSharedKeyCodec.encode(secret);
    }

    /**
     * Writes the key to a new file that only its owner can read (where the file system knows owners); blocks. The file is there with all
     * its bytes, or not at all.
     *
     * @throws java.io.UncheckedIOException if the file exists already or cannot be written; its cause says why, its message names the file
     */
    public void save(Path file) {
        KeyFile.write(encode(), file);
    }

    /** What tells networks apart without a word about their keys: 32 hexadecimal digits, the same that go and rust show. */
    public String fingerprint() {
        return fingerprint;
    }

    /** The cipher of one direction of a connection. */
    XSalsa20 cipher(byte[] nonce) {
        return new XSalsa20(secret, nonce);
    }

    private static String fingerprint(byte[] secret) {
        // Through the cipher first, so that no hash is ever made of the key itself.
        byte[] stream = new byte[64];
        Salsa20Engine salsa = new Salsa20Engine();
        salsa.init(true, new ParametersWithIV(new KeyParameter(secret), FINGERPRINT_NONCE));
        salsa.processBytes(stream, 0, stream.length, stream, 0);
        byte[] digest = new byte[FINGERPRINT_BYTES];
        SHAKEDigest shake = new SHAKEDigest(128);
        shake.update(stream, 0, stream.length);
        shake.doFinal(digest, 0, digest.length);
        return HexFormat.of().formatHex(digest);
    }

    /** In constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof PreSharedKey key && MessageDigest.isEqual(secret, key.secret);
    }

    @Override
    public int hashCode() {
        return fingerprint.hashCode();
    }

    /** The fingerprint; never the key. */
    @Override
    public String toString() {
        return "pre-shared key with the fingerprint " + fingerprint;
    }
}
