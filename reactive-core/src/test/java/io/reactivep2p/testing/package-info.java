/** What core's own tests share: fakes that are driven by hand, and the bridge to the Reactive Streams TCK. */
package io.reactivep2p.testing;
