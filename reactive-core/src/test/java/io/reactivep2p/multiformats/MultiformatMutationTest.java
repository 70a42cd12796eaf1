package io.reactivep2p.multiformats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.reactivep2p.testing.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A little real fuzzing in each build: the vectors with random damage. The seed is fresh and stands in every failure. */
class MultiformatMutationTest {

    private static final int ROUNDS = 20_000;
    private static final byte[] TELLING = "/%:=.1zbkuQm\u00ff\u0000\u007f\u0080".getBytes(ISO_8859_1);

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void damagedBytesAreRefusedOrComeBack() {
        List<byte[]> seeds = new ArrayList<>(bytes("varint.json", "hex"));
        seeds.addAll(bytes("multihash.json", "multihash_hex"));
        seeds.addAll(bytes("cid.json", "binary_hex"));
        seeds.addAll(bytes("multiaddr.json", "hex"));
        texts("multiaddr.json", "text").forEach(text -> {
            try {
                seeds.add(Multiaddr.of(text).toBytes());
            } catch (MultiformatException invalid) {
                seeds.add(text.getBytes(UTF_8));
            }
        });
        mutate(seeds, input -> {
            MultiformatProperties.varint(input);
            MultiformatProperties.multihash(input);
            MultiformatProperties.cid(input);
            MultiformatProperties.multiaddr(input);
        });
    }

    @Test
    void damagedTextIsRefusedOrComesBack() {
        List<byte[]> seeds = Stream.of("multibase.json", "cid.json", "multiaddr.json")
                .flatMap(file -> texts(file, "text").stream())
                .map(text -> text.getBytes(UTF_8))
                .toList();
        mutate(seeds, input -> {
            String text = new String(input, UTF_8);
            MultiformatProperties.multibase(text);
            MultiformatProperties.cid(text);
            MultiformatProperties.multiaddr(text);
        });
    }

    private void mutate(List<byte[]> seeds, Consumer<byte[]> property) {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] input = seeds.get(random.nextInt(seeds.size()));
            for (int i = random.nextInt(4); i > 0; i--) {
                input = damage(input, seeds.get(random.nextInt(seeds.size())));
            }
            try {
                property.accept(input);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "seed " + seed + ", round " + round + ", input "
                                + HexFormat.of().formatHex(input),
                        e);
            }
        }
    }

    private byte[] damage(byte[] input, byte[] other) {
        int at = input.length == 0 ? 0 : random.nextInt(input.length);
        byte[] damaged = input.clone();
        switch (random.nextInt(5)) {
            case 0 -> damaged = Arrays.copyOf(input, at);
            case 1 -> damaged = join(input, input.length, other, 0);
            case 2 -> damaged = join(input, at, other, other.length == 0 ? 0 : random.nextInt(other.length));
            case 3 -> damaged = join(input, at, input, Math.min(input.length, at + 1));
            default -> {
                if (damaged.length > 0) {
                    damaged[at] = random.nextBoolean()
                            ? TELLING[random.nextInt(TELLING.length)]
                            : (byte) (damaged[at] ^ 1 << random.nextInt(8));
                }
            }
        }
        return damaged;
    }

    private static byte[] join(byte[] left, int leftEnd, byte[] right, int rightStart) {
        byte[] joined = Arrays.copyOf(left, leftEnd + right.length - rightStart);
        System.arraycopy(right, rightStart, joined, leftEnd, right.length - rightStart);
        return joined;
    }

    private static List<byte[]> bytes(String file, String field) {
        return texts(file, field).stream().map(HexFormat.of()::parseHex).toList();
    }

    private static List<String> texts(String file, String field) {
        return Vectors.load(file).stream()
                .map(vector -> vector.get(field))
                .filter(node -> node != null && node.isTextual())
                .map(JsonNode::asText)
                .toList();
    }
}
