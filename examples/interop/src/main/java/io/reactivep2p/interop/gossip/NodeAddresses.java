package io.reactivep2p.interop.gossip;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.peer.PeerId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who the nodes are, and where. */
final class NodeAddresses {

    private static final int PORT = 9000;
    private static final int SEED_BYTES = 32;
    private static final Pattern HOST_NAME = Pattern.compile("node(\\d+)");

    /** {@code host:port} of each node; empty for what the simulator has. */
    private final List<String> given;

    private NodeAddresses(List<String> given) {
        this.given = given;
    }

    /** The hosts {@code node0}, {@code node1} and so on. */
    static NodeAddresses ofSimulator() {
        return new NodeAddresses(List.of());
    }

    /** @param list {@code host:port} of each node in order, with commas between */
    static NodeAddresses of(String list) {
        List<String> given = Arrays.asList(list.split(","));
        for (String address : given) {
            if (!address.matches("[^:]+:\\d+")) {
                throw new IllegalArgumentException("the address " + address + "; expected host:port");
            }
        }
        return new NodeAddresses(given);
    }

    /** The node that a host of this name is. */
    static int nodeOf(String hostName) {
        Matcher name = HOST_NAME.matcher(hostName);
        if (!name.lookingAt()) {
            throw new IllegalArgumentException(
                    "this host is called " + hostName + ", not node0 or the like; --node says which it is");
        }
        return Integer.parseInt(name.group(1));
    }

    static KeyPair identity(int node) {
        return KeyPair.ofSeed(ByteBuffer.allocate(SEED_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(node)
                .array());
    }

    static PeerId peer(int node) {
        return PeerId.of(identity(node).publicKey());
    }

    /** Where this node listens. */
    String listen(int node) {
        return given.isEmpty() ? "/ip4/0.0.0.0/tcp/" + PORT : tcp("0.0.0.0", port(node));
    }

    /** Where the others find it. */
    String dial(int node) {
        String host = given.isEmpty() ? "node" + node : host(node);
        try {
            return tcp(
                            InetAddress.getByName(host).getHostAddress(),
                            given.isEmpty() ? Integer.toString(PORT) : port(node))
                    + "/p2p/" + peer(node);
        } catch (UnknownHostException unknown) {
            throw new IllegalArgumentException("no address of " + host, unknown);
        }
    }

    private static String tcp(String ip, String port) {
        return "/ip4/" + ip + "/tcp/" + port;
    }

    private String host(int node) {
        return address(node).substring(0, address(node).indexOf(':'));
    }

    private String port(int node) {
        return address(node).substring(address(node).indexOf(':') + 1);
    }

    private String address(int node) {
        if (node < 0 || node >= given.size()) {
            throw new IllegalArgumentException("no address is given for node " + node);
        }
        return given.get(node);
    }
}
