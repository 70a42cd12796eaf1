package io.reactivep2p.archfixture.style;

final class DialerImpl {
    static final class StreamManager {}

    static final class ConnectionManager {}

    static final class Stream {}
}
