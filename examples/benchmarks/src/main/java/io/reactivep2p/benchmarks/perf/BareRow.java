package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.security.noise.Noise;
import java.util.List;

/**
 * What the machine gives without a protocol: the scale to read the other rows on, because machines differ and each has fast and slow
 * hours. {@code bare} is an encrypted stream with nothing else to it; handshakes and signed messages live on {@code bare/signatures}.
 */
final class BareRow implements PerfRow {

    private static final int MESSAGE_LENGTH = 1_024;

    @Override
    public String name() {
        return "bare";
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(
                Metric.informative(name(), "MB/s"),
                Metric.informative(name() + "/cipher", "MB/s"),
                Metric.informative(name() + "/tcp", "MB/s"),
                Metric.informative(name() + "/signatures", "1/s"));
    }

    @Override
    public PerfSession open(Scale scale) {
        BarePipe pipe = new BarePipe(Noise.create().engine(), scale.streamBytes());
        KeyPair keys = KeyPair.generate(KeyType.ED25519);
        return () -> new double[] {
            pipe.transfer(true), pipe.encrypt(), pipe.transfer(false), signatures(keys, scale.roundTrips())
        };
    }

    /** Made and verified, on one thread. */
    private static double signatures(KeyPair keys, int count) {
        byte[] message = new byte[MESSAGE_LENGTH];
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            message[i % MESSAGE_LENGTH]++;
            if (!keys.publicKey().verify(message, keys.sign(message))) {
                throw new IllegalStateException("its own signature is refused");
            }
        }
        return count * 1e9 / (System.nanoTime() - start);
    }
}
