package io.reactivep2p.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** UTF-8 text, each message a line. */
final class LinesCodec implements MessageCodec<String> {

    private static final byte LINE_FEED = '\n';

    private final int maxBytes;

    LinesCodec(int maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + ", expected 1 or more");
        }
        this.maxBytes = maxBytes;
    }

    @Override
    public void encode(String line, ByteBuf out) {
        if (line.indexOf(LINE_FEED) >= 0) {
            throw new IllegalArgumentException("a line with a line feed inside would be read as two");
        }
        int length = ByteBufUtil.utf8Bytes(line);
        if (length > maxBytes) {
            throw new MalformedMessageException(
                    "line of " + length + " bytes; at most " + maxBytes + " bytes may be sent");
        }
        ByteBufUtil.reserveAndWriteUtf8(out, line, length + 1);
        out.writeByte(LINE_FEED);
    }

    @Override
    public Decoder<String> decoder() {
        return new LineDecoder(maxBytes);
    }

    private static final class LineDecoder extends FrameDecoder<String> {

        private final int maxBytes;

        LineDecoder(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        void step(ByteBuf in, List<? super String> out) {
            int before = in.bytesBefore(LINE_FEED);
            int count = before < 0 ? in.readableBytes() : before;
            if (count > maxBytes - kept()) {
                throw new MalformedMessageException("line of more than " + maxBytes + " bytes");
            }
            if (before < 0) {
                keep(in, count, maxBytes);
                return;
            }
            if (kept() == 0) {
                out.add(text(in.readSlice(count)));
            } else {
                keep(in, count, maxBytes);
                out.add(text(keptBytes()));
                drop();
            }
            in.skipBytes(1);
        }

        @Override
        void atEnd(List<? super String> out) {
            if (kept() > 0) {
                out.add(text(keptBytes()));
            }
        }

        private static String text(ByteBuf bytes) {
            try {
                // A fresh decoder reports what the charset's own convenience methods would replace.
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(bytes.nioBuffer())
                        .toString();
            } catch (CharacterCodingException e) {
                throw new MalformedMessageException("line that is not UTF-8", e);
            }
        }
    }
}
