/** The rules of the house, checked on the compiled classes and the source files of each module. */
@NullMarked
package io.reactivep2p.architecture;

import org.jspecify.annotations.NullMarked;
