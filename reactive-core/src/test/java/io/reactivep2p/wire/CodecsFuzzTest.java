package io.reactivep2p.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactivep2p.record.pb.RecordProto;
import io.reactivep2p.testing.Rounds;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes in whatever pieces: the same messages or the same refusal, bounded memory, nothing left behind. */
class CodecsFuzzTest {

    private static final int MAX = 200;

    @FuzzTest
    void decoders(FuzzedDataProvider data) {
        long seed = data.consumeLong();
        check(data.consumeRemainingAsBytes(), new Random(seed));
    }

    @Test
    void randomBytesInRandomPiecesAreDecodedAlike() {
        Rounds.of(1_000, random -> {
            byte[] bytes = Rounds.bytes(random, 600);
            for (int i = 0; i < bytes.length; i++) {
                if (random.nextInt(3) > 0) { // small numbers make plausible lengths and tags
                    bytes[i] = (byte) random.nextInt(20);
                }
            }
            check(bytes, random);
        });
    }

    private static void check(byte[] bytes, Random random) {
        same(Codecs.lengthPrefixed(MAX), bytes, random);
        same(Codecs.lines(MAX), bytes, random);
        same(Codecs.fixed(7), bytes, random);
        same(Codecs.protobuf(RecordProto.PeerRecord.parser(), MAX), bytes, random);
    }

    private static void same(MessageCodec<?> codec, byte[] bytes, Random random) {
        int[] cuts =
                random.ints(random.nextInt(5), 0, bytes.length + 1).sorted().toArray();
        assertThat(outcome(codec, bytes, cuts)).isEqualTo(outcome(codec, bytes));
    }

    private static List<String> outcome(MessageCodec<?> codec, byte[] bytes, int... cuts) {
        List<Object> out = new ArrayList<>();
        List<String> result = new ArrayList<>();
        try (CodecHarness harness = new CodecHarness(false);
                MessageCodec.Decoder<?> decoder = codec.decoder()) {
            int from = 0;
            for (int i = 0; i <= cuts.length; i++) {
                int to = i < cuts.length ? cuts[i] : bytes.length;
                harness.feed(decoder, java.util.Arrays.copyOfRange(bytes, from, to), out);
                assertThat(harness.used()).isLessThanOrEqualTo(MAX);
                from = to;
            }
            decoder.end(out);
        } catch (MalformedMessageException e) {
            result.add("malformed");
        }
        out.forEach(message ->
                result.add(message instanceof byte[] array ? HexFormat.of().formatHex(array) : message.toString()));
        return result;
    }
}
