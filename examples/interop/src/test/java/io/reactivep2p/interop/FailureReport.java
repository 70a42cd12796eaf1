package io.reactivep2p.interop;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/** Prints what the peer said, and the seed, when a test has failed. */
final class FailureReport implements AfterTestExecutionCallback {

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException()
                .filter(cause -> !(cause instanceof TestAbortedException))
                .isEmpty()) {
            return;
        }
        context.getTestInstance().ifPresent(test -> {
            InteropFixture fixture = (InteropFixture) test;
            System.err.println(fixture.pairing + ", " + context.getDisplayName() + " failed with -Dinterop.seed="
                    + InteropFixture.SEED + "; the peer: " + fixture.peer.describe());
        });
    }
}
