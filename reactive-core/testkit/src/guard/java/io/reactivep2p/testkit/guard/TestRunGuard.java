package io.reactivep2p.testkit.guard;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.blockhound.BlockHound;

/**
 * Fails a test after which errors were dropped, and a test class after which buffers had leaked. What leaks only later is found with
 * the next class, and after the last one when the run ends. A call that blocks where it must not is an error at once.
 */
public final class TestRunGuard implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(TestRunGuard.class);

    private static volatile boolean installed;

    /** Called once, before any test class is initialised. */
    public TestRunGuard() {
        BlockHound.install();
        LeakLog.install();
        LiveTimers.install();
        DroppedErrors.install();
        installed = true;
    }

    /** Whether it watches over the test classes of this JVM. */
    public static boolean isInstalled() {
        return installed;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        DroppedErrors.install();
        context.getRoot().getStore(NAMESPACE).computeIfAbsent(RunEnd.class, key -> new RunEnd(), RunEnd.class);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        DroppedErrors.install();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        checkDropped(context.getDisplayName());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getRequiredTestClass().getEnclosingClass() == null) {
            checkDropped(context.getDisplayName());
            checkLeaks(context.getDisplayName(), LeakLog.collectIfAnyIsOpen());
        }
    }

    private static void checkDropped(String where) {
        List<Throwable> dropped = DroppedErrors.take();
        if (!dropped.isEmpty()) {
            AssertionError failure = new AssertionError(
                    dropped.size() + " error(s) reached no subscriber, by the end of " + where + ": " + dropped);
            dropped.forEach(failure::addSuppressed);
            throw failure;
        }
    }

    private static void checkLeaks(String where, List<String> leaks) {
        if (!leaks.isEmpty()) {
            throw new AssertionError(
                    leaks.size() + " leak(s) found at the end of " + where + "\n" + String.join("\n", leaks));
        }
    }

    /** Closed by JUnit after the last class; by Surefire, which runs them one by one where it forks, after each. */
    private static final class RunEnd implements AutoCloseable {

        @Override
        public void close() {
            checkDropped("the test run");
            checkLeaks("the test run", LeakLog.collectIfAnyIsOpen());
        }
    }
}
