/** How fast it is: the perf runner and the JMH benchmarks, behind one {@code main}. */
@NullMarked
package io.reactivep2p.benchmarks;

import org.jspecify.annotations.NullMarked;
