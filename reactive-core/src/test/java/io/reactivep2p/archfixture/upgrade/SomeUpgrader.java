package io.reactivep2p.archfixture.upgrade;

public final class SomeUpgrader {}
