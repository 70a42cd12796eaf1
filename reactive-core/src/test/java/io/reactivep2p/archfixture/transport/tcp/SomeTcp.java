package io.reactivep2p.archfixture.transport.tcp;

public final class SomeTcp {}
