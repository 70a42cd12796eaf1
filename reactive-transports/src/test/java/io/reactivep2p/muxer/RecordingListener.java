package io.reactivep2p.muxer;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.Libp2pException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes down what a stream tells. */
public class RecordingListener implements MuxedStream.Listener {

    public final MuxedStream stream;
    private final ByteArrayOutputStream copied = new ByteArrayOutputStream();
    public boolean consuming = true;
    public long received;
    public int ends;
    public int closes;
    public int writables;
    public Libp2pException error;

    public RecordingListener(MuxedStream stream) {
        this.stream = stream;
        stream.attach(this);
    }

    public String receivedText() {
        return copied.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void onData(ByteBuf data) {
        int length = data.readableBytes();
        received += length;
        if (received <= 1 << 20) {
            byte[] copy = new byte[length];
            data.readBytes(copy);
            copied.writeBytes(copy);
        }
        data.release();
        if (consuming) {
            stream.consumed(length);
        }
    }

    @Override
    public void onEnd() {
        ends++;
    }

    @Override
    public void onError(Libp2pException cause) {
        error = cause;
    }

    @Override
    public void onWritable() {
        writables++;
    }

    @Override
    public void onClosed() {
        closes++;
    }
}
