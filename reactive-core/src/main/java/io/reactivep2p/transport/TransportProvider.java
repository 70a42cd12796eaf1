package io.reactivep2p.transport;

/**
 * Brings a transport that has a module of its own: found through {@link java.util.ServiceLoader}, so that a host with the standard
 * stack has the transport as soon as the module is on its class path.
 */
@FunctionalInterface
public interface TransportProvider {

    /** A new transport with its default options. One that cannot work here (no native library) dials and listens on no address. */
    Transport create();
}
