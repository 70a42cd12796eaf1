package io.reactivep2p.transport.netty;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.SansIo;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.MultiformatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@code dnsaddr} name server answers, which anyone may have written.
 *
 * <pre>
 *   TXT data   +-----+-------------+-----+-------------+--
 *              | len | len bytes   | len | len bytes   | ...      joined: dnsaddr=/ip4/.../p2p/...
 *              +-----+-------------+-----+-------------+--
 * </pre>
 */
@SansIo
final class DnsaddrRecords {

    /** In front of the names that are asked, and of the records that count. */
    static final String LABEL = "_dnsaddr.";

    private static final String KEY = "dnsaddr=";

    /** Records of one answer beyond these are not looked at; four times what one address may resolve to. */
    static final int MAX_RECORDS = 4 * DnsAddressResolver.MAX_ADDRESSES;

    private DnsaddrRecords() {}

    /** The joined character-strings of a TXT record; empty if a length reaches beyond the data. Reads {@code data} to its end. */
    static Optional<String> text(ByteBuf data) {
        StringBuilder text = new StringBuilder(data.readableBytes());
        while (data.isReadable()) {
            int length = data.readUnsignedByte();
            if (length > data.readableBytes()) {
                return Optional.empty();
            }
            text.append(data.readCharSequence(length, StandardCharsets.UTF_8));
        }
        return Optional.of(text.toString());
    }

    /** The addresses of those {@code texts} that are dnsaddr records and whose last components are those of {@code suffix}. */
    static List<Multiaddr> matching(List<String> texts, @Nullable Multiaddr suffix) {
        List<Multiaddr> matching = new ArrayList<>();
        for (String text : texts.subList(0, Math.min(texts.size(), MAX_RECORDS))) {
            if (text.startsWith(KEY)) {
                parse(text.substring(KEY.length()))
                        .filter(address -> suffix == null || address.endsWith(suffix))
                        .ifPresent(matching::add);
            }
        }
        return matching;
    }

    /** A newer peer may publish protocols that we do not know: such a record is none of ours, not an error. */
    private static Optional<Multiaddr> parse(String text) {
        try {
            return Optional.of(Multiaddr.of(text));
        } catch (MultiformatException e) {
            return Optional.empty();
        }
    }
}
