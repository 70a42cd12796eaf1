package io.reactivep2p.archfixture.protocol.two;

import io.reactivep2p.archfixture.protocol.one.One;

public final class Two {
    One other;
}
