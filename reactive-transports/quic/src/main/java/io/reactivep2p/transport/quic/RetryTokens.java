package io.reactivep2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;

/** Asks the {@link HandshakeGate} who may begin a handshake, and the {@link AddressToken} who is who. */
final class RetryTokens implements QuicTokenHandler {

    private final HandshakeGate gate;
    private final AddressToken tokens;
    private final LongSupplier nanoClock;

    RetryTokens(HandshakeGate gate, AddressToken tokens, LongSupplier nanoClock) {
        this.gate = gate;
        this.tokens = tokens;
        this.nanoClock = nanoClock;
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf originalId, InetSocketAddress client) {
        if (!gate.demandsToken()) {
            return false;
        }
        tokens.write(out, originalId, client, nanoClock.getAsLong());
        return true;
    }

    /** Of a token that is none of ours the codec takes no notice, and answers nothing. */
    @Override
    public int validateToken(ByteBuf token, InetSocketAddress client) {
        return gate.admits() ? tokens.verify(token, client, nanoClock.getAsLong()) : -1;
    }

    @Override
    public int maxTokenLength() {
        return AddressToken.MAX_BYTES;
    }
}
