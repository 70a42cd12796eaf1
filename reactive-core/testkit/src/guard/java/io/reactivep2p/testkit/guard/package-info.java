/**
 * The guard of a test run: buffers that nobody releases and errors that nobody hears fail the test class in which they happen.
 *
 * <p>{@link io.reactivep2p.testkit.guard.TestRunGuard} is a JUnit extension that registers itself where {@code
 * junit.jupiter.extensions.autodetection.enabled=true} is set. This folder is compiled into the testkit and, because the core
 * cannot depend on the testkit, once more into the core's own tests.
 */
@NullMarked
package io.reactivep2p.testkit.guard;

import org.jspecify.annotations.NullMarked;
