package io.reactivep2p.crypto;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.reactivep2p.crypto.pb.CryptoProto;
import java.util.Arrays;
import java.util.List;

/** The protobuf form that public and private keys share, in its one deterministic encoding. */
final class KeyEncoding {

    private final KeyType type;
    private final byte[] data;

    /** Takes over the array. */
    KeyEncoding(KeyType type, byte[] data) {
        this.type = type;
        this.data = data;
    }

    KeyType type() {
        return type;
    }

    /** The type's own form, not copied. */
    byte[] data() {
        return data;
    }

    /** Reads the form; {@code what} names the kind of key in errors. */
    static KeyEncoding decode(byte[] bytes, int maxBytes, String what) {
        if (bytes.length > maxBytes) {
            throw new MalformedKeyException(
                    what + " of " + bytes.length + " bytes; at most " + maxBytes + " bytes are accepted");
        }
        CryptoProto.PublicKey message;
        try {
            // The private message has the same fields; only what the data means differs.
            message = CryptoProto.PublicKey.parser().parsePartialFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedKeyException(what + " is no protobuf message: " + e.getMessage(), e);
        }
        if (!message.hasType()) {
            // An enumeration value that the schema does not know is kept as an unknown field.
            UnknownFieldSet.Field unknown =
                    message.getUnknownFields().getField(CryptoProto.PublicKey.TYPE_FIELD_NUMBER);
            List<Long> values = unknown.getVarintList();
            throw new MalformedKeyException(
                    values.isEmpty()
                            ? what + " lacks the field Type"
                            : what + " has the unknown type " + Long.toUnsignedString(values.get(values.size() - 1))
                                    + "; known are 0 to 3");
        }
        if (!message.hasData()) {
            throw new MalformedKeyException(what + " lacks the field Data");
        }
        KeyEncoding encoding = new KeyEncoding(
                KeyType.ofCode(message.getType().getNumber()), message.getData().toByteArray());
        // Another encoding of the same key would hash to another peer id; unknown fields count as such.
        if (!Arrays.equals(encoding.encode(), bytes)) {
            throw new MalformedKeyException(
                    what + " is not in the deterministic encoding (Type, Data, minimal varints, nothing else)");
        }
        return encoding;
    }

    byte[] encode() {
        return CryptoProto.PublicKey.newBuilder()
                .setType(CryptoProto.KeyType.forNumber(type.code()))
                .setData(ByteString.copyFrom(data))
                .build()
                .toByteArray();
    }
}
