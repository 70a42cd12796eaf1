/** How much of anything a node grants: limits, the scopes that count against them, and the refusal. */
@NullMarked
package io.reactivep2p.resource;

import org.jspecify.annotations.NullMarked;
