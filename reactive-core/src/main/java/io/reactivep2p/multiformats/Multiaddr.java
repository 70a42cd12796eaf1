package io.reactivep2p.multiformats;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A self-describing network address: one or more {@link Component}s from the outermost protocol to the innermost, as in
 * {@code /ip4/192.0.2.1/tcp/4001/p2p/12D3KooW...}.
 *
 * <p>Immutable and thread-safe. Equality is on the binary form: texts that differ in the spelling of an IPv6 address, the
 * encoding of a certificate hash or the old name {@code ipfs} make equal addresses. The bytes are made once, the text when
 * it is first asked for.
 */
public final class Multiaddr {

    /** The longest binary form that is accepted; ours, the specification has no limit. */
    public static final int MAX_BYTES = 4096;

    /** The longest text that is accepted; each binary form that is accepted has a shorter text. */
    public static final int MAX_TEXT_LENGTH = 65_536;

    private final Component[] components;
    private final byte[] bytes;
    private final int hash;
    private @Nullable String text;

    private Multiaddr(Component[] components, byte[] bytes) {
        this.components = components;
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    private static Multiaddr of(Component[] components, int from, int to) {
        Component[] own = Arrays.copyOfRange(components, from, to);
        return new Multiaddr(own, MultiaddrCodec.encode(own));
    }

    /** Parses the text form; slashes at the end do not matter. Malformed: {@link MultiformatException}. */
    public static Multiaddr of(String text) {
        Component[] components = MultiaddrCodec.parse(text);
        return new Multiaddr(components, MultiaddrCodec.encode(components));
    }

    /** Reads the binary form. Malformed: {@link MultiformatException}. */
    public static Multiaddr of(byte[] bytes) {
        byte[] own = bytes.clone();
        return new Multiaddr(MultiaddrCodec.decode(own), own);
    }

    /** One component or more; none, or one behind a {@code unix}: {@link MultiformatException}. */
    public static Multiaddr of(Component... components) {
        Component[] own = MultiaddrCodec.checked(components.clone());
        return new Multiaddr(own, MultiaddrCodec.encode(own));
    }

    public static Multiaddr of(List<Component> components) {
        return of(components.toArray(Component[]::new));
    }

    /**
     * {@code /ip4/.../tcp/...} and the like of a socket's address, a link-local one with its {@code ip6zone}.
     *
     * @param transport {@link Protocol#TCP}, {@link Protocol#UDP} or another with a port
     * @throws IllegalArgumentException if {@code address} is unresolved
     */
    public static Multiaddr of(InetSocketAddress address, Protocol transport) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            throw new IllegalArgumentException(address + " is unresolved");
        }
        List<Component> components = new ArrayList<>(3);
        if (ip instanceof Inet6Address ip6 && ip6.getScopeId() != 0) {
            components.add(Component.of(Protocol.IP6ZONE, zone(ip6)));
        }
        components.add(Component.of(ip));
        components.add(Component.of(transport, Integer.toString(address.getPort())));
        return of(components);
    }

    private static String zone(Inet6Address ip) {
        return ip.getScopedInterface() == null
                ? Integer.toString(ip.getScopeId())
                : ip.getScopedInterface().getName();
    }

    /** The components from left to right, at least one. */
    public List<Component> components() {
        return List.of(components);
    }

    /** How many components there are. */
    public int size() {
        return components.length;
    }

    public Component get(int index) {
        return components[index];
    }

    public Component first() {
        return components[0];
    }

    public Component last() {
        return components[components.length - 1];
    }

    public boolean has(Protocol protocol) {
        return indexOf(protocol) >= 0;
    }

    /** Where the first component of {@code protocol} stands, or -1. */
    public int indexOf(Protocol protocol) {
        for (int i = 0; i < components.length; i++) {
            if (components[i].protocol() == protocol) {
                return i;
            }
        }
        return -1;
    }

    /** Where the last component of {@code protocol} stands, or -1. */
    public int lastIndexOf(Protocol protocol) {
        for (int i = components.length - 1; i >= 0; i--) {
            if (components[i].protocol() == protocol) {
                return i;
            }
        }
        return -1;
    }

    /** The text value of the first component of {@code protocol}. */
    public Optional<String> value(Protocol protocol) {
        int index = indexOf(protocol);
        return index < 0 ? Optional.empty() : Optional.ofNullable(components[index].value());
    }

    /** The text values of all components of {@code protocol}, as of several certificate hashes. */
    public List<String> values(Protocol protocol) {
        List<String> values = new ArrayList<>();
        for (Component component : components) {
            String value = component.protocol() == protocol ? component.value() : null;
            if (value != null) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    /** The binary value of the first component of {@code protocol}: the multihash of a peer id, for one. */
    public Optional<byte[]> valueBytes(Protocol protocol) {
        int index = indexOf(protocol);
        return index < 0 || !protocol.hasValue() ? Optional.empty() : Optional.of(components[index].valueBytes());
    }

    /** The port of the first component of {@code protocol}, which is {@link Protocol#TCP}, {@link Protocol#UDP} or alike. */
    public OptionalInt port(Protocol protocol) {
        int index = indexOf(protocol);
        return index < 0 ? OptionalInt.empty() : components[index].port();
    }

    /** The IP address of the first {@code ip4} or {@code ip6} component; no name is looked up. */
    public Optional<InetAddress> ipAddress() {
        for (Component component : components) {
            if (component.protocol() == Protocol.IP4 || component.protocol() == Protocol.IP6) {
                return Optional.of(IpLiteral.toInetAddress(component.valueBytes()));
            }
        }
        return Optional.empty();
    }

    /** This address and {@code inner} behind it. */
    public Multiaddr encapsulate(Multiaddr inner) {
        Component[] joined = Arrays.copyOf(components, components.length + inner.components.length);
        System.arraycopy(inner.components, 0, joined, components.length, inner.components.length);
        return new Multiaddr(MultiaddrCodec.checked(joined), MultiaddrCodec.encode(joined));
    }

    public Multiaddr encapsulate(String inner) {
        return encapsulate(of(inner));
    }

    /** This address and one more component without a value. */
    public Multiaddr with(Protocol protocol) {
        return with(Component.of(protocol));
    }

    /** This address and one more component with the value in text form. */
    public Multiaddr with(Protocol protocol, String value) {
        return with(Component.of(protocol, value));
    }

    public Multiaddr with(Component component) {
        return encapsulate(of(component));
    }

    /** This address without what stands from the last occurrence of {@code suffix} on; empty if nothing is left. */
    public Optional<Multiaddr> decapsulate(Multiaddr suffix) {
        for (int i = components.length - suffix.components.length; i >= 0; i--) {
            if (matches(i, suffix)) {
                return slice(0, i);
            }
        }
        return Optional.of(this);
    }

    /** This address without what stands from the last component of {@code protocol} on; empty if nothing is left. */
    public Optional<Multiaddr> decapsulate(Protocol protocol) {
        int index = lastIndexOf(protocol);
        return index < 0 ? Optional.of(this) : slice(0, index);
    }

    /** Whether the components of {@code prefix} are the first ones here. */
    public boolean startsWith(Multiaddr prefix) {
        return prefix.components.length <= components.length && matches(0, prefix);
    }

    /** Whether the components of {@code suffix} are the last ones here. */
    public boolean endsWith(Multiaddr suffix) {
        int from = components.length - suffix.components.length;
        return from >= 0 && matches(from, suffix);
    }

    private boolean matches(int from, Multiaddr part) {
        return Arrays.equals(
                components, from, from + part.components.length, part.components, 0, part.components.length);
    }

    /** The components from index {@code from} to before index {@code to}; empty if these are none. */
    public Optional<Multiaddr> slice(int from, int to) {
        if (from == 0 && to == components.length) {
            return Optional.of(this);
        }
        return from == to ? Optional.empty() : Optional.of(of(components, from, to));
    }

    /** This address with {@code replacement} in the place of the component at {@code index}, as a resolver does it. */
    public Multiaddr replace(int index, Component... replacement) {
        List<Component> replaced = new ArrayList<>(List.of(components));
        replaced.remove(index);
        replaced.addAll(index, List.of(replacement));
        return of(replaced);
    }

    /** This address without the components that {@code unwanted} accepts; empty if nothing is left. */
    public Optional<Multiaddr> without(Predicate<Component> unwanted) {
        Component[] kept = Arrays.stream(components).filter(unwanted.negate()).toArray(Component[]::new);
        return slice(kept);
    }

    private Optional<Multiaddr> slice(Component[] kept) {
        if (kept.length == components.length) {
            return Optional.of(this);
        }
        return kept.length == 0 ? Optional.empty() : Optional.of(of(kept, 0, kept.length));
    }

    /** A copy of the binary form. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** Bytes of the binary form. */
    public int length() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Multiaddr that && hash == that.hash && Arrays.equals(bytes, that.bytes));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The canonical text. */
    @Override
    public String toString() {
        String known = text;
        if (known == null) {
            // Two threads may both make it; either text is as good as the other.
            known = MultiaddrCodec.print(components);
            text = known;
        }
        return known;
    }

    /**
     * One protocol of an address, with its value. Immutable; equality is on the protocol and the binary value, and
     * {@link #value()} is canonical whatever spelling the component was made from.
     */
    public static final class Component {

        private static final byte[] NOTHING = {};
        private static final Map<Protocol, Component> VALUELESS = valueless();

        private final Protocol protocol;
        /** The value is the range of this array, which is shared and never written. */
        private final byte[] bytes;

        private final int from;
        private final int to;
        private @Nullable String value;

        private Component(Protocol protocol, byte[] bytes, int from, int to) {
            this.protocol = protocol;
            this.bytes = bytes;
            this.from = from;
            this.to = to;
        }

        /** The same as {@link #of(Protocol)} or, with a value, {@link #of(Protocol, String)}. */
        public Component(Protocol protocol, @Nullable String value) {
            this(value == null ? of(protocol) : of(protocol, value));
        }

        private Component(Component same) {
            this(same.protocol, same.bytes, same.from, same.to);
        }

        private static Map<Protocol, Component> valueless() {
            Map<Protocol, Component> components = new EnumMap<>(Protocol.class);
            for (Protocol protocol : Protocol.values()) {
                if (!protocol.hasValue()) {
                    components.put(protocol, new Component(protocol, NOTHING, 0, 0));
                }
            }
            return components;
        }

        /** A component without a value. */
        public static Component of(Protocol protocol) {
            Component component = VALUELESS.get(protocol);
            if (component == null) {
                throw new MultiformatException(protocol.protocolName() + " needs a value");
            }
            return component;
        }

        /** A component with the value in text form; not a value of that protocol: {@link MultiformatException}. */
        public static Component of(Protocol protocol, String value) {
            try {
                byte[] bytes = protocol.valueCodec().parser().parse(value);
                protocol.valueCodec().check().check(bytes, 0, bytes.length);
                return new Component(protocol, bytes, 0, bytes.length);
            } catch (MultiformatException e) {
                throw new MultiformatException(
                        "no value of " + protocol.protocolName() + ": " + MultiformatException.excerpt(value) + ", "
                                + e.getMessage(),
                        e);
            }
        }

        /** A component with the value in binary form; not a value of that protocol: {@link MultiformatException}. */
        public static Component of(Protocol protocol, byte[] value) {
            int expected = protocol.valueLength();
            boolean fits = expected == Protocol.VARIABLE ? value.length > 0 : value.length == expected;
            if (!fits) {
                throw new MultiformatException(
                        "no value of " + protocol.protocolName() + ": " + value.length + " bytes");
            }
            return expected == 0 ? of(protocol) : of(protocol, value.clone(), 0, value.length);
        }

        /** {@code ip4} or {@code ip6}. */
        public static Component of(InetAddress ip) {
            byte[] address = ip.getAddress();
            Protocol protocol = address.length == IpLiteral.IP4_LENGTH ? Protocol.IP4 : Protocol.IP6;
            return new Component(protocol, address, 0, address.length);
        }

        /** The range has the protocol's size; the array is taken over. */
        static Component of(Protocol protocol, byte[] bytes, int from, int to) {
            try {
                protocol.valueCodec().check().check(bytes, from, to);
                return new Component(protocol, bytes, from, to);
            } catch (MultiformatException e) {
                throw new MultiformatException("no value of " + protocol.protocolName() + ": " + e.getMessage(), e);
            }
        }

        public Protocol protocol() {
            return protocol;
        }

        /** The value in canonical text form, {@code null} for a protocol without one. */
        public @Nullable String value() {
            return protocol.hasValue() ? text() : null;
        }

        private String text() {
            String known = value;
            if (known == null) {
                known = protocol.valueCodec().printer().print(bytes, from, to);
                value = known;
            }
            return known;
        }

        /** A copy of the value in binary form, empty for a protocol without one. */
        public byte[] valueBytes() {
            return Arrays.copyOfRange(bytes, from, to);
        }

        /** The value as a port, if it is one. */
        public OptionalInt port() {
            return protocol.valueCodec().equals(ValueCodec.PORT)
                    ? OptionalInt.of(ValueCodec.port(bytes, from))
                    : OptionalInt.empty();
        }

        int encodedLength() {
            int length = protocol.codeBytes().length + to - from;
            return protocol.valueLength() == Protocol.VARIABLE ? length + Varint.size(to - from) : length;
        }

        int encode(byte[] out, int offset) {
            byte[] code = protocol.codeBytes();
            System.arraycopy(code, 0, out, offset, code.length);
            int at = offset + code.length;
            if (protocol.valueLength() == Protocol.VARIABLE) {
                at = Varint.write(to - from, out, at);
            }
            System.arraycopy(bytes, from, out, at, to - from);
            return at + to - from;
        }

        void print(StringBuilder out) {
            out.append('/').append(protocol.protocolName());
            if (protocol.hasValue()) {
                // A path brings its slash along.
                (protocol == Protocol.UNIX ? out : out.append('/')).append(text());
            }
        }

        @Override
        public boolean equals(Object other) {
            return this == other
                    || (other instanceof Component that
                            && protocol == that.protocol
                            && Arrays.equals(bytes, from, to, that.bytes, that.from, that.to));
        }

        @Override
        public int hashCode() {
            int hash = protocol.code();
            for (int i = from; i < to; i++) {
                hash = 31 * hash + bytes[i];
            }
            return hash;
        }

        /** {@code /tcp/4001}. */
        @Override
        public String toString() {
            StringBuilder out = new StringBuilder();
            print(out);
            return out.toString();
        }
    }
}
