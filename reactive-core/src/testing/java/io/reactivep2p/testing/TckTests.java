package io.reactivep2p.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.Test;

/**
 * The Reactive Streams TCK, which is written for TestNG, as JUnit tests: return {@link #of} from a {@code @TestFactory}. A rule that does
 * not apply is reported as aborted.
 */
public final class TckTests {

    /** How long a signal may take, in milliseconds; generous, since only failures wait this long. */
    private static final long SIGNAL_MILLIS = 1_000;

    /** How long the absence of a signal is watched, in milliseconds; each such test takes this long. */
    private static final long SILENCE_MILLIS = 40;

    private TckTests() {}

    /** Lets a publisher be late, but does not wait long for what must not come. */
    public static TestEnvironment environment() {
        return new TestEnvironment(SIGNAL_MILLIS, SILENCE_MILLIS, SILENCE_MILLIS);
    }

    public static Stream<DynamicTest> of(PublisherVerification<?> verification) {
        return Arrays.stream(verification.getClass().getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class) && method.getParameterCount() == 0)
                // Placeholders for the rules that the TCK knows no test for.
                .filter(method -> !method.getName().startsWith("untested_"))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(verification, method)));
    }

    private static void run(PublisherVerification<?> verification, Method rule) throws Throwable {
        verification.setUp();
        try {
            rule.invoke(verification);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof SkipException skipped) {
                throw new TestAbortedException(skipped.getMessage());
            }
            throw thrown.getCause();
        }
    }
}
