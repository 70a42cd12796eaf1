package io.reactivep2p.architecture;

class ArchitectureTest implements ArchitectureContract {}
