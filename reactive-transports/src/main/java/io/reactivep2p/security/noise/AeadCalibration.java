package io.reactivep2p.security.noise;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the fastest cipher engine of this JVM, once. The engines differ tenfold, and which one leads depends on the JDK, the processor
 * and the classpath, so it is measured where there is a choice: the best time of a frame counts, because the first ones run in the
 * interpreter. Conscrypt has a moment, and the JDK, whose vector code takes a quarter of a second to be compiled, runs until it overtakes,
 * which compiles it for the connections to come. To show all it can Conscrypt would need 300 ms, for its callers are cold as well, and the
 * JDK as much again to overtake that; who starts a node is not kept waiting so long. So a JDK with vector code is nearly always chosen,
 * which is right with AVX-512; where Conscrypt is known to be faster, {@link Noise#ENGINE_PROPERTY} names it.
 */
final class AeadCalibration {

    static final long CONSCRYPT_NANOS = 10_000_000;

    /** About twice what the JDK needs to reach its speed on a small machine. */
    static final long JDK_NANOS = 500_000_000;

    /** The first JDK with vector code for ChaCha20. Before it, Conscrypt is four times as fast, and there is nothing to measure. */
    private static final int VECTOR_CODE_SINCE = 20;

    private static final Logger log = LoggerFactory.getLogger(Noise.class);

    private AeadCalibration() {}

    /** The engine that the system property names, or else the fastest. Blocks for a moment the first time: not for event loops. */
    static AeadEngine chosen() {
        return Chosen.ENGINE;
    }

    /** Initialised by the first {@link #chosen()}; the JVM sees to it that there is only one measurement. */
    private static final class Chosen {
        static final AeadEngine ENGINE = choose(System.getProperty(Noise.ENGINE_PROPERTY), System::nanoTime);
    }

    static AeadEngine choose(@Nullable String name, LongSupplier clock) {
        if (name != null) {
            AeadEngine named = AeadEngine.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
            if (!named.isAvailable()) {
                throw new IllegalStateException(
                        Noise.ENGINE_PROPERTY + " names " + named + ", which is not available in this JVM");
            }
            log.info("noise: ChaCha20-Poly1305 by {}, as {} says", named, Noise.ENGINE_PROPERTY);
            return named;
        }
        if (!AeadEngine.CONSCRYPT.isAvailable()) {
            AeadEngine only = AeadEngine.JDK.isAvailable() ? AeadEngine.JDK : AeadEngine.BOUNCY_CASTLE;
            log.info("noise: ChaCha20-Poly1305 by {} (Conscrypt is not on the classpath)", only);
            return only;
        }
        if (!AeadEngine.JDK.isAvailable() || Runtime.version().feature() < VECTOR_CODE_SINCE) {
            log.info("noise: ChaCha20-Poly1305 by CONSCRYPT (this JDK has no vector code for it)");
            return AeadEngine.CONSCRYPT;
        }
        double conscrypt = gigabytesPerSecond(AeadEngine.CONSCRYPT, CONSCRYPT_NANOS, Double.MAX_VALUE, clock);
        double jdk = gigabytesPerSecond(AeadEngine.JDK, JDK_NANOS, conscrypt, clock);
        AeadEngine fastest = jdk > conscrypt ? AeadEngine.JDK : AeadEngine.CONSCRYPT;
        log.info(
                "noise: ChaCha20-Poly1305 by {} ({} GB/s of CONSCRYPT, {} of JDK)",
                fastest,
                rounded(conscrypt),
                rounded(jdk));
        return fastest;
    }

    private static String rounded(double gigabytes) {
        return String.format(Locale.ROOT, "%.1f", gigabytes);
    }

    /**
     * The best rate over single full frames, sealed and opened as a connection does it.
     *
     * @param enough where to stop before the time is over
     */
    static double gigabytesPerSecond(AeadEngine engine, long budgetNanos, double enough, LongSupplier clock) {
        NoiseFrameCodec frames = NoiseFrameCodec.of(engine.newCipher());
        ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
        NoiseFrameReader reader = new NoiseFrameReader(allocator);
        byte[] key = new byte[AeadCipher.KEY_LENGTH];
        CipherState sender = new CipherState(key);
        CipherState receiver = new CipherState(key);
        double best = 0;
        long start = clock.getAsLong();
        long now = start;
        while (best <= enough && (now - start < budgetNanos || sender.nonce() < 2)) {
            frames.plaintext().writerIndex(NoiseFrames.MAX_PLAINTEXT);
            ByteBuf frame = frames.seal(allocator, sender);
            int length = reader.next(frame, AeadCipher.TAG_LENGTH, NoiseFrames.MAX_LENGTH);
            ReferenceCountUtil.release(frames.open(allocator, receiver, reader, frame, length));
            frame.release();
            long end = clock.getAsLong();
            best = Math.max(best, 2.0 * NoiseFrames.MAX_PLAINTEXT / Math.max(end - now, 1));
            now = end;
        }
        return best;
    }
}
