package io.reactivep2p.archfixture.cycle.two;

import io.reactivep2p.archfixture.cycle.one.Hen;

public final class Egg {
    Hen hen;
}
