package io.reactivep2p.examples.p2p;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar with the rate, redrawn on the library's own thread. */
final class BarProgress implements Progress {

    /** One less than the classic width of a terminal, which would wrap after the last column. */
    private static final int WIDTH = 79;

    private static final int REDRAW_MILLIS = 100;
    private static final long MEGABYTE = 1_000_000;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final ProgressBar bar;
    private final PrintStream out;

    private BarProgress(ProgressBar bar, PrintStream out) {
        this.bar = bar;
        this.out = out;
    }

    static BarProgress of(String task, long bytes, PrintStream out) {
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(bytes)
                .setUnit("MB", MEGABYTE)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .showSpeed(new DecimalFormat("0.0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
                .hideEta()
                .setConsumer(new DelegatingProgressBarConsumer(line -> draw(out, line), WIDTH))
                .build();
        return new BarProgress(bar, out);
    }

    private static void draw(PrintStream out, String line) {
        synchronized (out) {
            out.print("\r" + line);
            out.flush();
        }
    }

    @Override
    public void reached(long bytes) {
        bar.stepTo(bytes);
    }

    @Override
    public void close() {
        bar.close();
        draw(out, ERASE_LINE);
    }
}
