package io.reactivep2p.interop.gossip;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Plays one node of the gossipsub suite: {@code --params FILE [--node N] [--addresses HOST:PORT,...]}. */
public final class GossipSuite {

    /** What tells that this suite is meant. */
    public static final String PARAMS = "--params";

    private static final String NODE = "--node";
    private static final String ADDRESSES = "--addresses";

    private GossipSuite() {}

    /**
     * Follows the script to its end.
     *
     * @return 0 when all went well, 1 when it failed, 2 when the arguments or the script ask for what there is not
     */
    public static int run(String[] arguments, PrintStream out, PrintStream err) {
        // Before the first event loop is made.
        System.setProperty("io.netty.transport.noNative", "true");
        int node;
        NodeAddresses addresses;
        List<Instruction> script;
        try {
            Map<String, String> given = pairs(arguments);
            node = given.containsKey(NODE)
                    ? Integer.parseInt(given.get(NODE))
                    : NodeAddresses.nodeOf(InetAddress.getLocalHost().getHostName());
            addresses =
                    given.containsKey(ADDRESSES) ? NodeAddresses.of(given.get(ADDRESSES)) : NodeAddresses.ofSimulator();
            script = ScriptReader.read(Files.readString(Path.of(Objects.requireNonNull(given.get(PARAMS)))));
        } catch (IOException | IllegalArgumentException unfit) {
            err.println(unfit);
            return 2;
        }
        try (ScriptedNode scripted = new ScriptedNode(
                node, addresses, new LogLines(out, Clock.systemUTC()), err::println, System::nanoTime)) {
            script.forEach(scripted::run);
            return 0;
        } catch (RuntimeException failure) {
            failure.printStackTrace(err);
            return 1;
        }
    }

    private static Map<String, String> pairs(String[] arguments) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!Set.of(PARAMS, NODE, ADDRESSES).contains(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException("the argument " + arguments[i] + "; expected " + PARAMS + " FILE, "
                        + NODE + " N or " + ADDRESSES + " HOST:PORT,...");
            }
            pairs.put(arguments[i], arguments[i + 1]);
        }
        if (!pairs.containsKey(PARAMS)) {
            throw new IllegalArgumentException("no " + PARAMS);
        }
        return pairs;
    }
}
