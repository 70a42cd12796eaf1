package io.reactivep2p.archfixture.style;

final class SleepingClass {
    void nap() throws InterruptedException {
        Thread.sleep(1);
    }
}
