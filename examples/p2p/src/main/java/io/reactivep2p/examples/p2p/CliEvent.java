package io.reactivep2p.examples.p2p;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command has to tell. As JSON: the type's name under {@code event}, then the components under their names. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
sealed interface CliEvent {

    /** The node is reachable at {@code addresses}, each ending in {@code /p2p/} and its peer id. */
    @JsonTypeName("listening")
    record Listening(String peerId, List<String> addresses) implements CliEvent {}

    /** Who someone with a key is. The public key in base64 of its protobuf form. */
    @JsonTypeName("id")
    record Identity(String peerId, String keyType, String publicKey) implements CliEvent {}

    @JsonTypeName("connected")
    record Connected(String peerId, String address, String direction) implements CliEvent {}

    @JsonTypeName("disconnected")
    record Disconnected(String peerId, String address, String reason) implements CliEvent {}

    @JsonTypeName("ping")
    record PingAnswered(double rttMicros) implements CliEvent {}

    /**
     * One direction measured.
     *
     * @param direction {@code upload} or {@code download}, as seen from here
     * @param megabytesPerSecond of 1,000,000 bytes
     */
    @JsonTypeName("perf")
    record PerfMeasured(String direction, long bytes, double seconds, double megabytesPerSecond) implements CliEvent {}

    /** What a peer says of itself. */
    @JsonTypeName("identify")
    record Identified(
            String peerId,
            String protocolVersion,
            String agentVersion,
            List<String> protocols,
            List<String> listenAddresses,
            @Nullable String observedAddress,
            boolean signed)
            implements CliEvent {}

    /**
     * A message of a topic.
     *
     * @param from the author's peer id, {@code null} where the network's messages have no authors
     * @param text the payload as UTF-8
     */
    @JsonTypeName("message")
    record MessageReceived(String topic, @Nullable String from, String text) implements CliEvent {}

    /** The command failed. {@code type} is the simple name of the exception; {@code message} may have several lines. */
    @JsonTypeName("error")
    record Failed(String type, String message) implements CliEvent {}
}
