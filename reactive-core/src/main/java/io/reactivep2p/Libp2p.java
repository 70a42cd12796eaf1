package io.reactivep2p;

/** The way in: {@code Libp2p.host()} begins a {@link HostBuilder}. */
public final class Libp2p {

    private Libp2p() {}

    /** A host to configure and start. */
    public static HostBuilder host() {
        return new HostBuilder(System::getenv);
    }
}
