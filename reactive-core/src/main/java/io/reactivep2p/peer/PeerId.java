package io.reactivep2p.peer;

import io.reactivep2p.crypto.MalformedKeyException;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.Cid;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Multibase;
import io.reactivep2p.multiformats.Multicodec;
import io.reactivep2p.multiformats.MultiformatException;
import io.reactivep2p.multiformats.Multihash;
import io.reactivep2p.multiformats.Protocol;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who a peer is: the multihash of its public key. Immutable; equality and order are on the bytes.
 *
 * <p>Being comparable also keeps a hash map quick whose keys an attacker chose to collide.
 */
public final class PeerId implements Comparable<PeerId> {

    /** A key in protobuf form of at most so many bytes is inlined instead of hashed. */
    static final int MAX_INLINED_BYTES = 42;

    /** The longest text that is read; the longest that is written, base2, has fewer characters. */
    static final int MAX_TEXT_LENGTH = 512;

    private static final int HEADER_BYTES = 2;
    private static final int SHA2_256_BYTES = 32;

    private final byte[] multihash;
    private final int hash;

    // Both are computed when first asked for; a race computes equal immutable values twice and does no harm.
    private @Nullable String text;
    private @Nullable PublicKey inlinedKey;

    private PeerId(byte[] multihash) {
        this.multihash = multihash;
        this.hash = Arrays.hashCode(multihash);
    }

    /**
     * Any text form: base58 ({@code 12D3KooW...}, {@code Qm...}) or a CIDv1 with the codec libp2p-key.
     *
     * @throws MultiformatException if the text is neither, or what it stands for is no peer id
     */
    public static PeerId of(String text) {
        if (text.length() > MAX_TEXT_LENGTH) {
            throw new MultiformatException(
                    "peer id of " + text.length() + " characters; at most " + MAX_TEXT_LENGTH + " are read");
        }
        if (text.startsWith("1") || text.startsWith("Qm")) {
            PeerId id = checked(Multibase.BASE58_BTC.decodeBare(text));
            id.text = text; // base58 has one text for given bytes
            return id;
        }
        if (text.isEmpty()) {
            throw new MultiformatException("a peer id is never empty");
        }
        Cid cid = Cid.of(text);
        if (cid.version() != 1 || cid.codec() != Multicodec.LIBP2P_KEY.code()) {
            throw new MultiformatException("the CID " + cid + " of version " + cid.version() + " has the codec 0x"
                    + Long.toHexString(cid.codec()) + "; a peer id is one of version 1 with libp2p-key (0x72)");
        }
        return checked(cid.multihash().toBytes());
    }

    /**
     * The binary form, a multihash.
     *
     * @throws MultiformatException if the bytes are no multihash, or one that no peer id can be
     */
    public static PeerId of(byte[] multihash) {
        return checked(multihash.clone());
    }

    /** The id of the owner of {@code key}. */
    public static PeerId of(PublicKey key) {
        byte[] encoded = key.encode();
        if (encoded.length > MAX_INLINED_BYTES) {
            return new PeerId(Multihash.sha256(encoded).toBytes());
        }
        PeerId id = new PeerId(Multihash.identity(encoded).toBytes());
        id.inlinedKey = key;
        return id;
    }

    /**
     * The identity that a multiaddr's last component names, if it is {@code /p2p/...}: whom one talks to at its far end.
     * In {@code /p2p/R/p2p-circuit/p2p/D} that is D; {@code /p2p/R/p2p-circuit} names nobody.
     */
    public static Optional<PeerId> in(Multiaddr address) {
        Multiaddr.Component last = address.last();
        return last.protocol() == Protocol.P2P ? Optional.of(checked(last.valueBytes())) : Optional.empty();
    }

    /** Takes over the array. */
    private static PeerId checked(byte[] bytes) {
        int digestLength = bytes.length - HEADER_BYTES;
        // Both codes and both lengths are varints of one byte, so two bytes tell everything.
        boolean inlined = digestLength >= 0
                && digestLength <= MAX_INLINED_BYTES
                && bytes[0] == Multicodec.IDENTITY.code()
                && bytes[1] == digestLength;
        boolean hashed =
                digestLength == SHA2_256_BYTES && bytes[0] == Multicodec.SHA2_256.code() && bytes[1] == SHA2_256_BYTES;
        if (!inlined && !hashed) {
            Multihash offence = Multihash.of(bytes);
            throw new MultiformatException("a multihash with the code 0x" + Long.toHexString(offence.code()) + " and "
                    + offence.digest().length + " bytes is no peer id; expected identity (0x0) of at most "
                    + MAX_INLINED_BYTES + " or sha2-256 (0x12) of " + SHA2_256_BYTES + " bytes");
        }
        return new PeerId(bytes);
    }

    /**
     * The public key, where it is short enough to be inlined (Ed25519, secp256k1). Empty for a hashed id, and also where
     * the inlined bytes are no acceptable key: such a peer can never prove to be who it says.
     */
    public Optional<PublicKey> publicKey() {
        if (inlinedKey == null && multihash[0] == Multicodec.IDENTITY.code()) {
            try {
                inlinedKey = PublicKey.decode(Arrays.copyOfRange(multihash, HEADER_BYTES, multihash.length));
            } catch (MalformedKeyException e) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(inlinedKey);
    }

    /** Whether {@code key} is the key of this peer. */
    public boolean matches(PublicKey key) {
        return equals(of(key));
    }

    /** A fresh copy of the binary form, a multihash. */
    public byte[] toBytes() {
        return multihash.clone();
    }

    /** The CIDv1 text in base36, fit for a DNS label. */
    public String toCid() {
        return toCid(Multibase.BASE36);
    }

    /** The CIDv1 text in {@code base}. */
    public String toCid(Multibase base) {
        return Cid.v1(Multicodec.LIBP2P_KEY, Multihash.of(multihash)).toString(base);
    }

    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(multihash, other.multihash);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof PeerId id && hash == id.hash && Arrays.equals(multihash, id.multihash));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The base58 text. */
    @Override
    public String toString() {
        String known = text;
        if (known == null) {
            known = Multibase.BASE58_BTC.encodeBare(multihash);
            text = known;
        }
        return known;
    }
}
