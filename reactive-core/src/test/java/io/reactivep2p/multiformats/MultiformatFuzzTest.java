package io.reactivep2p.multiformats;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Coverage-guided where {@code JAZZER_FUZZ=1} is set; else the seed corpus. */
class MultiformatFuzzTest {

    @FuzzTest
    void varint(FuzzedDataProvider data) {
        MultiformatProperties.varint(data.consumeRemainingAsBytes());
    }

    @FuzzTest
    void multihash(FuzzedDataProvider data) {
        MultiformatProperties.multihash(data.consumeRemainingAsBytes());
    }

    @FuzzTest
    void baseAndCidText(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        MultiformatProperties.multibase(text);
        MultiformatProperties.cid(text);
    }

    @FuzzTest
    void cidBytes(FuzzedDataProvider data) {
        MultiformatProperties.cid(data.consumeRemainingAsBytes());
    }

    @FuzzTest
    void multiaddrText(FuzzedDataProvider data) {
        MultiformatProperties.multiaddr(data.consumeRemainingAsString());
    }

    @FuzzTest
    void multiaddrBytes(FuzzedDataProvider data) {
        MultiformatProperties.multiaddr(data.consumeRemainingAsBytes());
    }
}
