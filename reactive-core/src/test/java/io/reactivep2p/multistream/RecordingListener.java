package io.reactivep2p.multistream;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.muxer.MuxedStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

final class RecordingListener implements MuxedStream.Listener {

    final List<String> events = new ArrayList<>();
    Libp2pException error;

    @Override
    public void onData(ByteBuf data) {
        events.add(data.toString(StandardCharsets.ISO_8859_1));
        data.release();
    }

    @Override
    public void onEnd() {
        events.add("<end>");
    }

    @Override
    public void onError(Libp2pException cause) {
        error = cause;
        events.add("<error>");
    }

    @Override
    public void onWritable() {
        events.add("<writable>");
    }

    @Override
    public void onClosed() {
        events.add("<closed>");
    }
}
