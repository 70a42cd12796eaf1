package io.reactivep2p.archfixture.swarm;

public final class SomeSwarm {}
