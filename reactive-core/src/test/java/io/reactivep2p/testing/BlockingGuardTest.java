package io.reactivep2p.testing;

import io.reactivep2p.testkit.guard.BlockingGuardContract;

class BlockingGuardTest implements BlockingGuardContract {}
