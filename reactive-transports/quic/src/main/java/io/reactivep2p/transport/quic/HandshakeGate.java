package io.reactivep2p.transport.quic;

import io.reactivep2p.connection.SansIo;

/**
 * How many handshakes a listening socket has under way, and what becomes of the next. Each costs memory before anything of the client is
 * known, so a few may be begun by anyone, more only by who answers at the address it says it has (Retry), and at most so many at all.
 */
@SansIo
final class HandshakeGate {

    private final int retryAbove;
    private final int limit;
    private int underWay;
    private boolean listening;

    /**
     * @param retryAbove with so many under way, clients must prove their address
     * @param limit never more than so many
     */
    HandshakeGate(int retryAbove, int limit) {
        this.retryAbove = retryAbove;
        this.limit = limit;
    }

    void listening(boolean listening) {
        this.listening = listening;
    }

    boolean isListening() {
        return listening;
    }

    /** Whether a client that sent no token must come back with one. */
    boolean demandsToken() {
        return !listening || underWay >= Math.min(retryAbove, limit);
    }

    /** Whether a client with a valid token may begin. */
    boolean admits() {
        return listening && underWay < limit;
    }

    void began() {
        underWay++;
    }

    void ended() {
        underWay--;
    }

    int underWay() {
        return underWay;
    }
}
