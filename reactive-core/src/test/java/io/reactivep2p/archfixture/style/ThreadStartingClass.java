package io.reactivep2p.archfixture.style;

final class ThreadStartingClass {
    Thread thread() {
        return new Thread(() -> {});
    }
}
