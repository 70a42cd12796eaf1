package io.reactivep2p.muxer.yamux;

import io.reactivep2p.muxer.StreamMuxer;
import io.reactivep2p.testkit.MuxerContract;

class YamuxContractTest implements MuxerContract {

    @Override
    public StreamMuxer muxer() {
        return Yamux.create();
    }
}
