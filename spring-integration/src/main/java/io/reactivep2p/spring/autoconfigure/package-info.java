/**
 * libp2p inside a Spring Boot application: properties with the prefix {@code libp2p} and an injected Host.
 *
 * <p>Nothing is here yet but this page.
 */
@NullMarked
package io.reactivep2p.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
