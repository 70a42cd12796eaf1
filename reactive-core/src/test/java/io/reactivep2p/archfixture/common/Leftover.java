package io.reactivep2p.archfixture.common;

final class Leftover {}
