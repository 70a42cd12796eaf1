package io.reactivep2p.archfixture.style;

final class PrintingClass {
    void say() {
        System.out.println("said");
    }

    void complain(Exception e) {
        e.printStackTrace();
    }
}
