package io.reactivep2p.archfixture.cycle.one;

import io.reactivep2p.archfixture.cycle.two.Egg;

public final class Hen {
    Egg egg;
}
