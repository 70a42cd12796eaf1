package io.reactivep2p.testkit.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Runs classes that misbehave in a test run of their own; none of them is found by the build's run. */
class TestRunGuardTest {

    @Test
    void aLeakedBufferFailsTheClassThatLeakedIt() {
        assertThat(failuresOf(LeakingFixture.class))
                .singleElement()
                .asString()
                .contains(
                        "1 leak(s) found at the end of",
                        "LeakingFixture",
                        "was not released",
                        "touched by the fixture");
    }

    @Test
    void aLeakIsFoundAmongBuffersThatAreReleasedOrHeld() {
        assertThat(failuresOf(MixedFixture.class))
                .singleElement()
                .asString()
                .contains("1 leak(s) found at the end of", "MixedFixture", "the one that leaks");
        MixedFixture.held.release();
        MixedFixture.held = null; // it may become another buffer
    }

    @Test
    void anErrorThatReachesNobodyFailsTheTest() {
        assertThat(failuresOf(DroppingFixture.class)).singleElement().satisfies(failure -> {
            assertThat(failure).hasMessageContaining("1 error(s) reached no subscriber");
            assertThat(failure.getSuppressed()).singleElement().isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void aBufferHeldUntilTheVeryEndFailsTheRun() {
        assertThat(failuresOf(LateFixture.class))
                .singleElement()
                .asString()
                .contains("1 leak(s) found at the end of the test run", "held by the fixture");
    }

    @Test
    void aCleanClassPasses() {
        assertThat(failuresOf(CleanFixture.class)).isEmpty();
    }

    private static List<Throwable> failuresOf(Class<?> fixture) {
        List<Throwable> failures = new ArrayList<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(fixture))
                                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                result.getThrowable().ifPresent(failures::add);
                            }
                        });
        return failures;
    }

    static class LeakingFixture {
        @Test
        void leaks() {
            ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer(10).touch("touched by the fixture");
            buffer.writeInt(1);
        }
    }

    static class MixedFixture {

        static ByteBuf held;

        @Test
        void leaksOneOfThree() {
            held = ByteBufAllocator.DEFAULT.buffer(10);
            ByteBufAllocator.DEFAULT.buffer(10).release();
            ByteBufAllocator.DEFAULT.buffer(10).touch("the one that leaks");
        }
    }

    static class DroppingFixture {
        @Test
        void drops() {
            Operators.onErrorDropped(new IllegalStateException("nobody hears of me"), Context.empty());
        }
    }

    @ExtendWith(LateFixture.Holder.class)
    static class LateFixture {

        @Test
        void holds() {}

        /** Lets go of its buffer when the run ends, after every class. */
        static final class Holder implements BeforeAllCallback, AutoCloseable {
            private ByteBuf held;

            @Override
            public void beforeAll(ExtensionContext context) {
                held = ByteBufAllocator.DEFAULT.buffer(10).touch("held by the fixture");
                context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).put("held", this);
            }

            @Override
            public void close() {
                held = null;
            }
        }
    }

    static class CleanFixture {
        @Test
        void releases() {
            ByteBufAllocator.DEFAULT.buffer(10).writeInt(1).release();
        }
    }
}
