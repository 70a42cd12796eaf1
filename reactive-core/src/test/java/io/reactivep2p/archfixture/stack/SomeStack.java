package io.reactivep2p.archfixture.stack;

import io.reactivep2p.archfixture.transport.tcp.SomeTcp;

public final class SomeStack {
    SomeTcp mayNameIt;
}
