package io.reactivep2p.upgrade;

import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.SecuredConnection;
import reactor.core.publisher.BaseSubscriber;

/** Waits for the secure channel on behalf of an {@link Upgrade}. */
final class HandshakeSubscriber extends BaseSubscriber<SecuredConnection> {

    private final Upgrade upgrade;
    private boolean answered;

    HandshakeSubscriber(Upgrade upgrade) {
        this.upgrade = upgrade;
    }

    @Override
    protected void hookOnNext(SecuredConnection secured) {
        answered = true;
        upgrade.secured(secured);
    }

    @Override
    protected void hookOnComplete() {
        if (!answered) {
            upgrade.fail(new HandshakeException("the secure channel ended without a result"));
        }
    }

    @Override
    protected void hookOnError(Throwable cause) {
        upgrade.fail(cause);
    }
}
