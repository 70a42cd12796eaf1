package io.reactivep2p.archfixture.multiformats;

import io.reactivep2p.archfixture.host.HostThatNamesTcp;

public final class ClimbingValue {
    HostThatNamesTcp above;
}
