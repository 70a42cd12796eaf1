package io.reactivep2p.archfixture.protocol.one;

import io.reactivep2p.archfixture.swarm.SomeSwarm;
import io.reactivep2p.archfixture.upgrade.SomeUpgrader;

public final class One {
    SomeSwarm swarm;
    SomeUpgrader upgrader;
}
