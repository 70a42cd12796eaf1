package io.reactivep2p.testkit.guard;

class BlockingGuardTest implements BlockingGuardContract {}
