/**
 * JMH benchmarks of the hot classes that are public. Those of package-private classes are in the packages of what they measure.
 */
@NullMarked
package io.reactivep2p.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
