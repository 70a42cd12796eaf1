package io.reactivep2p.security.noise;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One frame: the cipher alone, and through the handlers of both ends. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
public class NoiseFrameBenchmark {

    /** Frames sealed beforehand, since ciphers refuse to open with the nonce that they used last. */
    private static final int FRAMES = 4;

    @Param
    public AeadEngine engine = AeadEngine.JDK;

    @Param({"64", "1024", "65519"})
    public int length = 64;

    private final SecretKeySpec key = new SecretKeySpec(new byte[AeadCipher.KEY_LENGTH], "ChaCha20");
    private final SecretKeySpec openingKey = new SecretKeySpec(new byte[AeadCipher.KEY_LENGTH], "ChaCha20");
    private final byte[] plaintext = new byte[NoiseFrames.MAX_PLAINTEXT];
    private final byte[] ciphertext = new byte[NoiseFrames.MAX_LENGTH];
    private final byte[][] sealed = new byte[FRAMES][NoiseFrames.MAX_LENGTH];
    private final EmbeddedChannel sender = new EmbeddedChannel();
    private final EmbeddedChannel receiver = new EmbeddedChannel();
    private AeadCipher sealing = new BouncyCastleAeadCipher();
    private AeadCipher opening = new BouncyCastleAeadCipher();
    private long sealNonce;
    private int next;

    @Setup
    public void prepare() {
        sealing = engine.newCipher();
        opening = engine.newCipher();
        for (int i = 0; i < FRAMES; i++) {
            sealing.encrypt(key, i, AeadCipher.NO_DATA, plaintext, 0, length, sealed[i], 0);
        }
        sealNonce = FRAMES;
        sender.pipeline().addLast(handler(sender));
        receiver.pipeline().addLast(handler(receiver));
    }

    private NoiseHandler handler(EmbeddedChannel channel) {
        byte[] same = new byte[AeadCipher.KEY_LENGTH];
        return new NoiseHandler(
                engine,
                new HandshakeState.TransportKeys(new CipherState(same), new CipherState(same)),
                new NoiseFrameReader(channel.alloc()));
    }

    @Benchmark
    public int seal() {
        return sealing.encrypt(key, sealNonce++, AeadCipher.NO_DATA, plaintext, 0, length, ciphertext, 0);
    }

    @Benchmark
    public int open() {
        int frame = next;
        next = (frame + 1) % FRAMES;
        int written = opening.decrypt(
                openingKey, frame, AeadCipher.NO_DATA, sealed[frame], 0, length + AeadCipher.TAG_LENGTH, plaintext, 0);
        if (written < 0) {
            throw new IllegalStateException("frame " + frame + " is not authentic");
        }
        return written;
    }

    /** Sealed by the handler of one end and opened by that of the other, with the buffers they allocate. */
    @Benchmark
    public int throughHandlers() {
        sender.writeOutbound(sender.alloc().directBuffer(length).writeZero(length));
        int received = 0;
        for (ByteBuf frame = sender.readOutbound(); frame != null; frame = sender.readOutbound()) {
            receiver.writeInbound(frame);
        }
        for (ByteBuf bytes = receiver.readInbound(); bytes != null; bytes = receiver.readInbound()) {
            received += bytes.readableBytes();
            bytes.release();
        }
        return received;
    }

    @TearDown
    public void close() {
        sender.finishAndReleaseAll();
        receiver.finishAndReleaseAll();
    }
}
