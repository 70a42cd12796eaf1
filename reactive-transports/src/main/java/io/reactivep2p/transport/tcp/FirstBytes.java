package io.reactivep2p.transport.tcp;

/** What the first bytes of a connection say it is, so that several transports can listen on one port. */
public enum FirstBytes {

    /**
     * Neither of the others: the multistream-select header {@code 0x13 "/multistream/1.0.0\n"}, the random bytes that a private network
     * begins with, or anything else.
     */
    PLAIN,

    /** {@code "GET "}: a WebSocket. */
    HTTP,

    /** A record of TLS with a ClientHello: a WebSocket over TLS. libp2p's own TLS comes behind multistream-select. */
    TLS
}
