package io.reactivep2p.muxer.yamux;

import java.util.Arrays;

/** A first-in-first-out queue of numbers that costs nothing while it has never been used; its owner bounds it. */
final class NumberQueue {

    private static final long[] NONE = {};
    private static final int FIRST_CAPACITY = 8;

    private long[] numbers = NONE;
    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(long number) {
        if (size == numbers.length) {
            long[] wider = new long[Math.max(FIRST_CAPACITY, 2 * size)];
            for (int i = 0; i < size; i++) {
                wider[i] = numbers[(head + i) % numbers.length];
            }
            numbers = wider;
            head = 0;
        }
        numbers[(head + size) % numbers.length] = number;
        size++;
    }

    /** The oldest number; the queue must not be empty. */
    long poll() {
        long number = numbers[head];
        head = (head + 1) % numbers.length;
        size--;
        return number;
    }

    void clear() {
        Arrays.fill(numbers, 0);
        head = 0;
        size = 0;
    }
}
