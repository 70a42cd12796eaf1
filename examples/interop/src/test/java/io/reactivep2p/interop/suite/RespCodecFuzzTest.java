package io.reactivep2p.interop.suite;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;

/** {@code JAZZER_FUZZ=1} searches; without it the stored inputs run. */
class RespCodecFuzzTest {

    @FuzzTest
    void anyAnswerIsReadOrRefused(byte[] bytes) {
        readOrRefuse(bytes);
    }

    static void readOrRefuse(byte[] bytes) {
        try {
            assertThat(RespCodec.read(new ByteArrayInputStream(bytes))).isNotNull();
        } catch (EOFException | ProtocolException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
        } catch (IOException other) {
            throw new AssertionError(other);
        }
    }
}
