package io.reactivep2p.pubsub.router;

import io.reactivep2p.connection.SansIo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is asked of a discovery for each of some topics, again and again: for a few topics at a time, each time for so long at most, and
 * less often the longer it comes to nothing.
 */
@SansIo
final class ErrandTable {

    /** Topics that something is asked for at a time; the others wait. A choice of ours; go-libp2p-pubsub has no such bound. */
    static final int MAX_UNDER_WAY = 8;

    private final long timeoutNanos;
    private final GrowingPause pause;

    /** As many as whoever adds them likes. */
    private final Map<String, Row> rows = new LinkedHashMap<>();

    private int underWay;

    private static final class Row {
        boolean isUnderWay;

        /** When it is next to begin, or, while under way, to end. */
        long atNanos;

        /** How often in a row it came to nothing. */
        int vain;

        Row(long atNanos) {
            this.atNanos = atNanos;
        }

        boolean isPast(long nowNanos) {
            return atNanos - nowNanos <= 0;
        }
    }

    /**
     * @param timeout how long each time may take
     * @param pause after each time that came to nothing
     */
    ErrandTable(Duration timeout, GrowingPause pause) {
        this.timeoutNanos = timeout.toNanos();
        this.pause = pause;
    }

    /** Has it begin as soon as it can; no effect for a topic that is here. */
    void add(String topic, long nowNanos) {
        rows.computeIfAbsent(topic, fresh -> new Row(nowNanos));
    }

    /** Returns whether it was under way. */
    boolean remove(String topic) {
        Row row = rows.remove(topic);
        if (row == null || !row.isUnderWay) {
            return false;
        }
        underWay--;
        return true;
    }

    boolean isUnderWay(String topic) {
        Row row = rows.get(topic);
        return row != null && row.isUnderWay;
    }

    /** Those that are under way for too long. */
    List<String> overdue(long nowNanos) {
        List<String> overdue = new ArrayList<>();
        rows.forEach((topic, row) -> {
            if (row.isUnderWay && row.isPast(nowNanos)) {
                overdue.add(topic);
            }
        });
        return overdue;
    }

    /** Takes those for begun whose time has come and that are wanted, as far as there is room, the longest waiting first. */
    List<String> begin(Predicate<String> isWanted, long nowNanos) {
        if (underWay >= MAX_UNDER_WAY) {
            return List.of();
        }
        List<Map.Entry<String, Row>> due = rows.entrySet().stream()
                .filter(entry -> !entry.getValue().isUnderWay
                        && entry.getValue().isPast(nowNanos)
                        && isWanted.test(entry.getKey()))
                .sorted(Comparator.comparingLong(entry -> entry.getValue().atNanos - nowNanos))
                .limit(MAX_UNDER_WAY - underWay)
                .toList();
        List<String> begun = new ArrayList<>();
        for (Map.Entry<String, Row> entry : due) {
            entry.getValue().isUnderWay = true;
            entry.getValue().atNanos = nowNanos + timeoutNanos;
            underWay++;
            begun.add(entry.getKey());
        }
        return begun;
    }

    /** One that was under way did what it should, and is next to be done then. */
    void succeeded(String topic, long nextNanos) {
        Row row = rows.get(topic);
        if (row != null && row.isUnderWay) {
            underWay--;
            row.isUnderWay = false;
            row.atNanos = nextNanos;
            row.vain = 0;
        }
    }

    /** One that was under way came to nothing, and is tried again after a pause. */
    void failed(String topic, long nowNanos) {
        Row row = rows.get(topic);
        if (row != null && row.isUnderWay) {
            underWay--;
            row.isUnderWay = false;
            row.atNanos = nowNanos + pause.afterNanos(row.vain);
            row.vain++;
        }
    }

    /** There is no need for it now. When there is, it begins at once, and the pauses from the first. */
    void rest(String topic, long nowNanos) {
        Row row = rows.get(topic);
        if (row != null && !row.isUnderWay) {
            row.atNanos = nowNanos;
            row.vain = 0;
        }
    }
}
