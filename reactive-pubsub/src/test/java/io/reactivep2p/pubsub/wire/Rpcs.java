package io.reactivep2p.pubsub.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.testing.Rounds;
import io.reactivep2p.wire.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/** RPCs for tests, random ones too, and how to compare them, since arrays in records are compared by identity. */
final class Rpcs {

    static final RpcLimits LIMITS = RpcLimits.defaults();
    static final PeerId PEER = PeerId.of(KeyPair.ofSeed(new byte[32]).publicKey());

    private Rpcs() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static MessageId id(String text) {
        return MessageId.of(bytes(text));
    }

    static RawMessage message(String topic, String data) {
        return new RawMessage(PEER.toBytes(), bytes(data), new byte[8], topic, new byte[64], null);
    }

    /** One of everything. */
    static Rpc full() {
        Control control = new Control(
                List.of(
                        new Control.IHave("weather", List.of(id("one"), id("two"))),
                        new Control.IHave("неделя", List.of(id("three")))),
                List.of(id("four"), id("")),
                List.of("weather", "news"),
                List.of(
                        new Control.Prune("weather", List.of(), OptionalLong.empty()),
                        new Control.Prune(
                                "news",
                                List.of(
                                        new Control.ExchangedPeer(PEER, new byte[0]),
                                        new Control.ExchangedPeer(PEER, new byte[] {1, 2})),
                                OptionalLong.of(-1))),
                List.of(id("five")),
                1,
                new Control.Extensions(true, true));
        return new Rpc(
                List.of(Subscription.join("weather"), Subscription.leave(""), new Subscription(true, "p", true, true)),
                List.of(
                        message("weather", "sunny"),
                        new RawMessage(null, RawMessage.NO_DATA, null, "", null, null),
                        new RawMessage(new byte[0], new byte[0], new byte[0], "é", new byte[0], new byte[300])),
                control,
                new PartialMessage("weather", new byte[] {7}, new byte[] {8, 9}, new byte[0]),
                true);
    }

    static Rpc random(Random random) {
        return new Rpc(
                list(
                        random,
                        4,
                        () -> new Subscription(
                                random.nextBoolean(), text(random), random.nextBoolean(), random.nextBoolean())),
                list(
                        random,
                        4,
                        () -> new RawMessage(
                                orNull(random, 40),
                                random.nextInt(4) == 0 ? RawMessage.NO_DATA : Rounds.bytes(random, 2_000),
                                orNull(random, 8),
                                text(random),
                                orNull(random, 64),
                                orNull(random, 300))),
                random.nextBoolean() ? null : control(random),
                random.nextInt(4) > 0
                        ? null
                        : new PartialMessage(
                                text(random), Rounds.bytes(random, 9), orNull(random, 200), orNull(random, 20)),
                random.nextInt(4) == 0);
    }

    static Control control(Random random) {
        List<MessageId> idontwant = ids(random);
        return new Control(
                list(random, 4, () -> new Control.IHave(text(random), list(random, 30, 1, () -> id(random)))),
                ids(random),
                list(random, 5, () -> text(random)),
                list(
                        random,
                        4,
                        () -> new Control.Prune(
                                text(random),
                                list(random, 16, () -> new Control.ExchangedPeer(PEER, Rounds.bytes(random, 100))),
                                random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextLong()))),
                idontwant,
                idontwant.isEmpty() ? 0 : 1,
                random.nextBoolean() ? null : new Control.Extensions(random.nextBoolean(), random.nextBoolean()));
    }

    private static byte[] orNull(Random random, int maxLength) {
        return random.nextBoolean() ? null : Rounds.bytes(random, maxLength);
    }

    private static List<MessageId> ids(Random random) {
        return list(random, 60, () -> id(random));
    }

    private static MessageId id(Random random) {
        return MessageId.of(Rounds.bytes(random, 50));
    }

    static String text(Random random) {
        return random.ints(random.nextInt(12), 0, 0x2000)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static <T> List<T> list(Random random, int max, java.util.function.Supplier<T> element) {
        return list(random, max, 0, element);
    }

    private static <T> List<T> list(Random random, int max, int min, java.util.function.Supplier<T> element) {
        List<T> elements = new ArrayList<>();
        for (int i = min + random.nextInt(max + 1 - min); i > 0; i--) {
            elements.add(element.get());
        }
        return elements;
    }

    /** With its length. */
    static byte[] encode(Rpc rpc, RpcLimits limits) {
        ByteBuf out = Unpooled.buffer();
        RpcCodec.create(limits).encode(rpc, out);
        return ByteBufUtil.getBytes(out);
    }

    /** All RPCs of the bytes, which come in one piece or cut into pieces. */
    static List<Rpc> decode(RpcLimits limits, byte[] bytes, int... cuts) {
        List<Rpc> out = new ArrayList<>();
        ByteBuf in = Unpooled.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
        try (MessageCodec.Decoder<Rpc> decoder = RpcCodec.create(limits).decoder()) {
            int from = 0;
            for (int cut : cuts) {
                decoder.decode(in.slice(from, cut - from), out);
                from = cut;
            }
            decoder.decode(in.slice(from, bytes.length - from), out);
            decoder.end(out);
        } finally {
            in.release();
        }
        return out;
    }

    /** An RPC given without its length. */
    static Rpc read(RpcLimits limits, byte[] body) {
        ByteBuf framed = Unpooled.buffer();
        io.reactivep2p.multiformats.Varint.write(body.length, framed);
        framed.writeBytes(body);
        return decode(limits, ByteBufUtil.getBytes(framed)).get(0);
    }

    static Rpc read(byte[] body) {
        return read(LIMITS, body);
    }
}
