/**
 * Telling many: topics as backpressured Fluxes over floodsub and gossipsub.
 *
 * <p>Nothing is here yet but this page.
 */
@NullMarked
package io.reactivep2p.pubsub;

import org.jspecify.annotations.NullMarked;
