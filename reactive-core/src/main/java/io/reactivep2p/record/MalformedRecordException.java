package io.reactivep2p.record;

/** An envelope or record that is malformed, wrongly signed, of the wrong type, or about another peer than its signer. */
public final class MalformedRecordException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public MalformedRecordException(String message) {
        super(message);
    }

    public MalformedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
