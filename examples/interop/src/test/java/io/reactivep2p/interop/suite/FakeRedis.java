package io.reactivep2p.interop.suite;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The commands of Redis that the suites use, over a real socket and as strict about the types of keys as the original. */
public final class FakeRedis implements AutoCloseable {

    private static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";

    private final ServerSocket server;
    private final Map<String, Object> keys = new HashMap<>();
    private final List<List<String>> commands = new ArrayList<>();
    private final List<Socket> clients = new ArrayList<>();
    private final CountDownLatch connected = new CountDownLatch(1);

    private FakeRedis(ServerSocket server) {
        this.server = server;
    }

    public static FakeRedis start() {
        try {
            FakeRedis redis = new FakeRedis(new ServerSocket(0, 8, InetAddress.getLoopbackAddress()));
            redis.inBackground(redis::accept);
            return redis;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** As in {@code REDIS_ADDR}. */
    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    InetSocketAddress socketAddress() {
        return InetSocketAddress.createUnresolved("127.0.0.1", server.getLocalPort());
    }

    /** What came in so far, each command's words with blanks between. */
    synchronized List<String> commands() {
        return commands.stream().map(words -> String.join(" ", words)).toList();
    }

    /** Sets a value. */
    public synchronized void set(String key, String value) {
        keys.put(key, value);
        notifyAll();
    }

    /** Makes a list of one element. */
    public synchronized void push(String key, String value) {
        keys.put(key, new ArrayDeque<>(List.of(value)));
        notifyAll();
    }

    /** The elements of a list, or the value, under a key. */
    synchronized Object at(String key) {
        return keys.get(key);
    }

    /** Waits until a command of this name came, and returns its words. */
    public synchronized List<String> await(String name, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            for (List<String> words : commands) {
                if (words.get(0).equals(name)) {
                    return words;
                }
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (millis <= 0) {
                throw new AssertionError("no " + name + " came, but " + commands);
            }
            try {
                wait(millis);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError(interrupted);
            }
        }
    }

    /** Waits until a client is there. */
    void awaitClient(Duration patience) {
        try {
            if (!connected.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("nobody connects to Redis");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            synchronized (this) {
                clients.add(client);
            }
            connected.countDown();
            inBackground(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        InputStream in = new BufferedInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream();
        while (true) {
            RespReply.Items command = (RespReply.Items) RespCodec.read(in);
            List<String> words = command.elements().stream()
                    .map(word -> ((RespReply.Text) word).value())
                    .toList();
            out.write(answer(words).getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    private synchronized String answer(List<String> words) throws IOException {
        commands.add(words);
        notifyAll();
        String key = words.get(1);
        Object held = keys.get(key);
        return switch (words.get(0)) {
            case "DEL" -> ":" + (keys.remove(key) == null ? 0 : 1) + "\r\n";
            case "SET" -> {
                set(key, words.get(2));
                yield "+OK\r\n";
            }
            case "GET" -> held == null ? "$-1\r\n" : held instanceof String text ? bulk(text) : WRONG_TYPE;
            case "RPUSH" -> {
                if (held instanceof String) {
                    yield WRONG_TYPE;
                }
                list(key).add(words.get(2));
                notifyAll();
                yield ":" + list(key).size() + "\r\n";
            }
            case "BLPOP" -> pop(key, Duration.ofSeconds(Long.parseLong(words.get(2))));
            default -> "-ERR unknown command '" + words.get(0) + "'\r\n";
        };
    }

    private String pop(String key, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Object held = keys.get(key);
            if (held instanceof String) {
                return WRONG_TYPE;
            }
            if (held != null && !list(key).isEmpty()) {
                return "*2\r\n" + bulk(key) + bulk(list(key).remove());
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (millis <= 0) {
                return "*-1\r\n";
            }
            try {
                wait(millis);
            } catch (InterruptedException interrupted) {
                throw new IOException(interrupted);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private Deque<String> list(String key) {
        return (Deque<String>) keys.computeIfAbsent(key, absent -> new ArrayDeque<String>());
    }

    private static String bulk(String text) {
        return "$" + text.getBytes(StandardCharsets.UTF_8).length + "\r\n" + text + "\r\n";
    }

    private interface Work {
        void run() throws IOException;
    }

    private void inBackground(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException closed) {
                        // by the client, or by us at the end
                    }
                },
                "fake redis");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            synchronized (this) {
                for (Socket client : clients) {
                    client.close();
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
