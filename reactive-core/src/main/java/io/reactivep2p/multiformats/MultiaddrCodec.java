package io.reactivep2p.multiformats;

import io.reactivep2p.multiformats.Multiaddr.Component;
import java.util.ArrayList;
import java.util.List;

/**
 * Text and bytes to components and back.
 *
 * <pre>
 * bytes   ( varint code ( value | varint length value | nothing ) )+
 * text    ( '/' name ( '/' value )? )+
 * </pre>
 */
final class MultiaddrCodec {

    private static final Component[] NO_COMPONENTS = {};

    private MultiaddrCodec() {}

    static Component[] parse(String text) {
        if (text.length() > Multiaddr.MAX_TEXT_LENGTH) {
            throw new MultiformatException("multiaddr of " + text.length() + " characters, at most "
                    + Multiaddr.MAX_TEXT_LENGTH + " are allowed");
        }
        if (!text.startsWith("/")) {
            throw new MultiformatException(
                    "multiaddr " + MultiformatException.excerpt(text) + " does not begin with /");
        }
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        List<Component> components = new ArrayList<>(6);
        int at = 1;
        while (at <= end) {
            int slash = slash(text, at, end);
            Protocol protocol = protocol(text, at, slash);
            at = slash + 1;
            if (!protocol.hasValue()) {
                components.add(Component.of(protocol));
                continue;
            }
            if (at > end) {
                throw new MultiformatException("multiaddr " + MultiformatException.excerpt(text)
                        + " ends without the value of " + protocol.protocolName());
            }
            // A path takes the rest, from the slash on that separates it from its name.
            int start = protocol == Protocol.UNIX ? slash : at;
            int valueEnd = protocol == Protocol.UNIX ? end : slash(text, at, end);
            components.add(Component.of(protocol, text.substring(start, valueEnd)));
            at = valueEnd + 1;
        }
        return checked(components.toArray(NO_COMPONENTS));
    }

    private static int slash(String text, int from, int end) {
        int slash = text.indexOf('/', from);
        return slash < 0 || slash > end ? end : slash;
    }

    private static Protocol protocol(String text, int from, int to) {
        String name = text.substring(from, to);
        Protocol protocol = Protocol.find(name);
        if (protocol == null) {
            throw new MultiformatException("no protocol " + MultiformatException.excerpt(name) + " in multiaddr "
                    + MultiformatException.excerpt(text));
        }
        return protocol;
    }

    /** The components share {@code bytes}, which must not change any more. */
    static Component[] decode(byte[] bytes) {
        checkLength(bytes.length);
        List<Component> components = new ArrayList<>(6);
        int at = 0;
        while (at < bytes.length) {
            long code = Varint.read(bytes, at, bytes.length);
            at += Varint.size(code);
            Protocol protocol = Protocol.find(code);
            if (protocol == null) {
                throw new MultiformatException("no protocol with the code " + code + " in multiaddr");
            }
            if (!protocol.hasValue()) {
                components.add(Component.of(protocol));
                continue;
            }
            long length = protocol.valueLength();
            if (length == Protocol.VARIABLE) {
                length = Varint.read(bytes, at, bytes.length);
                at += Varint.size(length);
            }
            if (length == 0 || length > bytes.length - at) {
                throw new MultiformatException("value of " + protocol.protocolName() + " has " + length + " bytes, and "
                        + (bytes.length - at) + " follow");
            }
            int end = at + (int) length;
            components.add(Component.of(protocol, bytes, at, end));
            at = end;
        }
        return checked(components.toArray(NO_COMPONENTS));
    }

    /** What concerns more than one component: there is one, and a path is the last. */
    static Component[] checked(Component[] components) {
        if (components.length == 0) {
            throw new MultiformatException("multiaddr is empty");
        }
        for (int i = 0; i < components.length - 1; i++) {
            if (components[i].protocol() == Protocol.UNIX) {
                throw new MultiformatException("component behind /unix, which takes the rest of a multiaddr");
            }
        }
        return components;
    }

    private static void checkLength(int length) {
        if (length > Multiaddr.MAX_BYTES) {
            throw new MultiformatException(
                    "multiaddr of " + length + " bytes, at most " + Multiaddr.MAX_BYTES + " are allowed");
        }
    }

    static byte[] encode(Component[] components) {
        int length = 0;
        for (Component component : components) {
            // Bounded in each step, and therefore no overflow.
            length += component.encodedLength();
            checkLength(length);
        }
        byte[] bytes = new byte[length];
        int at = 0;
        for (Component component : components) {
            at = component.encode(bytes, at);
        }
        return bytes;
    }

    static String print(Component[] components) {
        StringBuilder text = new StringBuilder(32 * components.length);
        for (Component component : components) {
            component.print(text);
        }
        return text.toString();
    }
}
