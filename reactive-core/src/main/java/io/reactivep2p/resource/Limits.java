package io.reactivep2p.resource;

/**
 * How much a host grants. Whatever goes over is refused with {@link ResourceLimitException}, or reset where a remote peer asked.
 *
 * @param connections connections in all, both directions
 * @param connectionsPerPeer connections to one peer, both directions
 * @param inboundUpgrades inbound connections that have not ended their handshake yet
 * @param dials outbound connection attempts under way; more wait for one of them to end
 * @param dialsPerPeer addresses tried at the same time in one dial
 * @param negotiatingStreams inbound streams of one connection whose protocol is not agreed on yet
 * @param streamsPerProtocol inbound streams of one protocol, over all connections
 * @param streamsPerProtocolAndConnection inbound streams of one protocol on one connection
 */
public record Limits(
        int connections,
        int connectionsPerPeer,
        int inboundUpgrades,
        int dials,
        int dialsPerPeer,
        int negotiatingStreams,
        int streamsPerProtocol,
        int streamsPerProtocolAndConnection) {

    /** go-libp2p: system 64 + 64 per GiB inbound and as many outbound; rounded for a service with some GiB. */
    public static final int DEFAULT_CONNECTIONS = 1_024;

    /** go-libp2p: 8 to one peer. */
    public static final int DEFAULT_CONNECTIONS_PER_PEER = 8;

    /** go-libp2p's transient scope: 32 + 16 per GiB; rounded for a service with some GiB. */
    public static final int DEFAULT_INBOUND_UPGRADES = 128;

    /** go-libp2p: 160 dials. */
    public static final int DEFAULT_DIALS = 160;

    /** go- and rust-libp2p: 8 addresses of one peer at a time. */
    public static final int DEFAULT_DIALS_PER_PEER = 8;

    /** rust-libp2p: 128 negotiating inbound streams; doubled, as it also absorbs bursts of short requests. */
    public static final int DEFAULT_NEGOTIATING_STREAMS = 256;

    /** go-libp2p: 512 + 256 per GiB inbound streams of one protocol; rounded for a service with some GiB. */
    public static final int DEFAULT_STREAMS_PER_PROTOCOL = 2_048;

    /** go-libp2p's protocol-peer scope: 64 + 4 per GiB; rounded up, since here it also limits one busy connection. */
    public static final int DEFAULT_STREAMS_PER_PROTOCOL_AND_CONNECTION = 128;

    public Limits {
        if (connections < 1
                || connectionsPerPeer < 1
                || inboundUpgrades < 1
                || dials < 1
                || dialsPerPeer < 1
                || negotiatingStreams < 1
                || streamsPerProtocol < 1
                || streamsPerProtocolAndConnection < 1) {
            throw new IllegalArgumentException("a limit is at least 1");
        }
    }

    public static Limits defaults() {
        return new Limits(
                DEFAULT_CONNECTIONS,
                DEFAULT_CONNECTIONS_PER_PEER,
                DEFAULT_INBOUND_UPGRADES,
                DEFAULT_DIALS,
                DEFAULT_DIALS_PER_PEER,
                DEFAULT_NEGOTIATING_STREAMS,
                DEFAULT_STREAMS_PER_PROTOCOL,
                DEFAULT_STREAMS_PER_PROTOCOL_AND_CONNECTION);
    }

    /** These limits with others for connections. */
    public Limits withConnections(int total, int perPeer) {
        return new Limits(
                total,
                perPeer,
                inboundUpgrades,
                dials,
                dialsPerPeer,
                negotiatingStreams,
                streamsPerProtocol,
                streamsPerProtocolAndConnection);
    }

    /** These limits with others for inbound streams. */
    public Limits withStreams(int perProtocol, int perProtocolAndConnection) {
        return new Limits(
                connections,
                connectionsPerPeer,
                inboundUpgrades,
                dials,
                dialsPerPeer,
                negotiatingStreams,
                perProtocol,
                perProtocolAndConnection);
    }

    /** These limits with others for connections that are being made. */
    public Limits withAttempts(int inbound, int outbound) {
        return new Limits(
                connections,
                connectionsPerPeer,
                inbound,
                outbound,
                dialsPerPeer,
                negotiatingStreams,
                streamsPerProtocol,
                streamsPerProtocolAndConnection);
    }
}
