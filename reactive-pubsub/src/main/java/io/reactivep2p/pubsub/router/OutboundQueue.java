package io.reactivep2p.pubsub.router;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.reactivep2p.connection.SansIo;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.EncodedMessage;
import io.reactivep2p.pubsub.wire.PartialMessage;
import io.reactivep2p.pubsub.wire.Rpc;
import io.reactivep2p.pubsub.wire.RpcCodec;
import io.reactivep2p.pubsub.wire.RpcLimits;
import io.reactivep2p.pubsub.wire.Subscription;
import io.reactivep2p.wire.MessageCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to one peer, as frames. What is small and urgent goes first: the greeting, subscriptions, control. Messages follow in
 * their order, each an RPC of its own, several of them in one buffer.
 *
 * <p>Bounds: messages and parts of messages by number and bytes, see the constructor; subscriptions by our own topics, since a later
 * one takes the place of an earlier; control as {@link PendingControl} says.
 */
@SansIo
final class OutboundQueue {

    /** Where a buffer is full: the size of a frame of the layers below. A longer message has a buffer to itself. */
    static final int BUFFER_BYTES = 64 * 1024;

    /** What a queue entry costs beside its bytes, so that many tiny messages count for what they are. */
    static final int ENTRY_BYTES = 64;

    /** Subscriptions in one RPC, by their bytes: an RPC that rust, whose limit is 64 KiB, still reads. */
    static final int SUBSCRIPTION_BYTES = 48 * 1024;

    private static final int SUBSCRIPTION_OVERHEAD = 16;

    /** rust-libp2p's floodsub reads no longer RPC. */
    static final int SHORT_RPC_BYTES = 2_048;

    /** Subscriptions in such an RPC, a topic's name being counted in characters of at most three bytes. */
    static final int SHORT_SUBSCRIPTION_BYTES = 640;

    private final MessageCodec<Rpc> codec;
    private final int maxMessages;
    private final int maxBytes;
    private final RpcLimits limits;
    private final PendingControl control = new PendingControl();

    /** Control that has been cut into RPCs and waits for its turn; what comes meanwhile is merged behind it. */
    private final ArrayDeque<Control> parts = new ArrayDeque<>();

    private @Nullable Control greeting;
    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
    private boolean testExtension;
    private final ArrayDeque<PartialMessage> partials = new ArrayDeque<>();
    private final ArrayDeque<Outgoing> messages = new ArrayDeque<>();
    private int bytes;

    /** What has been polled, while that is of interest. */
    private @Nullable Unread unread;

    /** A message on its way to any number of peers. */
    record Outgoing(MessageId id, EncodedMessage message) {}

    /**
     * @param limits of the RPCs that are written
     * @param maxMessages messages that may wait
     * @param maxBytes their bytes
     */
    OutboundQueue(RpcLimits limits, int maxMessages, int maxBytes) {
        this.codec = RpcCodec.create(limits);
        this.limits = limits;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Says what is to go out before anything else. */
    void greet(List<Subscription> all, @Nullable Control first) {
        all.forEach(this::subscription);
        greeting = first;
    }

    void subscription(Subscription subscription) {
        // To the end, so that the order in which topics were joined and left shows.
        subscriptions.remove(subscription.topic());
        subscriptions.put(subscription.topic(), subscription);
    }

    /** Returns whether there was room. An empty queue takes any message. */
    boolean message(Outgoing outgoing) {
        int size = outgoing.message().frameBytes() + ENTRY_BYTES;
        if (!admits(size)) {
            return false;
        }
        bytes += size;
        messages.add(outgoing);
        return true;
    }

    /** Returns whether there was room. */
    boolean partial(PartialMessage partial) {
        int size = sizeOf(partial);
        if (!admits(size)) {
            return false;
        }
        bytes += size;
        partials.add(partial);
        return true;
    }

    private boolean admits(int size) {
        int waiting = messages.size() + partials.size();
        return waiting == 0 || waiting < maxMessages && size <= maxBytes - bytes;
    }

    private static int sizeOf(PartialMessage partial) {
        return ENTRY_BYTES
                + partial.topic().length()
                + partial.group().length
                + (partial.parts() == null ? 0 : partial.parts().length)
                + (partial.metadata() == null ? 0 : partial.metadata().length);
    }

    /** Returns how many ids were lost. */
    int control(Control more) {
        return control.add(more);
    }

    void testExtension() {
        testExtension = true;
    }

    /** Drops these messages where they still wait. */
    void unsend(List<MessageId> ids) {
        if (messages.isEmpty()) {
            return;
        }
        Set<MessageId> unwanted = new HashSet<>(ids);
        messages.removeIf(waiting -> {
            boolean drop = unwanted.contains(waiting.id());
            if (drop) {
                bytes -= waiting.message().frameBytes() + ENTRY_BYTES;
            }
            return drop;
        });
    }

    boolean isEmpty() {
        return messages.isEmpty() && !hasUrgent();
    }

    private boolean hasUrgent() {
        return greeting != null
                || !subscriptions.isEmpty()
                || !parts.isEmpty()
                || !control.isEmpty()
                || testExtension
                || !partials.isEmpty();
    }

    /** Whether it is at most half full. */
    boolean hasRoom() {
        return messages.size() + partials.size() <= maxMessages / 2 && bytes <= maxBytes / 2;
    }

    /** Has subscriptions and messages remembered there as they are polled; {@code null} for no longer. */
    void rememberIn(@Nullable Unread memory) {
        unread = memory;
    }

    /** Puts what was polled before back in front of what waits, beyond the bounds if need be. A later word on a topic stands. */
    void repeat(Unread polled) {
        Map<String, Subscription> later = new LinkedHashMap<>(subscriptions);
        subscriptions.clear();
        polled.subscriptions().values().forEach(this::subscription);
        later.values().forEach(this::subscription);
        List<Outgoing> again = polled.messages();
        for (int i = again.size() - 1; i >= 0; i--) {
            messages.addFirst(again.get(i));
            bytes += again.get(i).message().frameBytes() + ENTRY_BYTES;
        }
    }

    /**
     * A single RPC, of at most {@link #SHORT_RPC_BYTES} unless what it says cannot be cut so short, the caller's to release; {@code null}
     * when nothing waits.
     */
    @Nullable
    ByteBuf pollRpc(ByteBufAllocator allocator) {
        if (hasUrgent()) {
            return urgent(allocator, SHORT_SUBSCRIPTION_BYTES);
        }
        List<EncodedMessage> some = new ArrayList<>();
        int size = 0;
        for (Outgoing next = messages.peek(); next != null; next = messages.peek()) {
            size += next.message().rpcBytes();
            if (size > SHORT_RPC_BYTES && !some.isEmpty()) {
                break;
            }
            messages.remove();
            taken(next);
            some.add(next.message());
        }
        return some.isEmpty() ? null : EncodedMessage.inOneRpc(some, allocator);
    }

    /** The next buffer to send, the caller's to release; {@code null} when nothing waits. */
    @Nullable
    ByteBuf poll(ByteBufAllocator allocator) {
        if (hasUrgent()) {
            return urgent(allocator, SUBSCRIPTION_BYTES);
        }
        Outgoing first = messages.poll();
        if (first == null) {
            return null;
        }
        Outgoing next = messages.peek();
        int size = taken(first);
        if (next == null || size + next.message().frameBytes() > BUFFER_BYTES) {
            return first.message().asBuffer();
        }
        ByteBuf out = allocator.buffer(Math.min(BUFFER_BYTES, bytes + size));
        first.message().writeTo(out);
        while (next != null && out.readableBytes() + next.message().frameBytes() <= BUFFER_BYTES) {
            messages.remove();
            taken(next);
            next.message().writeTo(out);
            next = messages.peek();
        }
        return out;
    }

    private int taken(Outgoing outgoing) {
        int size = outgoing.message().frameBytes();
        bytes -= size + ENTRY_BYTES;
        if (unread != null) {
            unread.said(outgoing);
        }
        return size;
    }

    private ByteBuf urgent(ByteBufAllocator allocator, int subscriptionBytes) {
        ByteBuf out = allocator.buffer();
        boolean written = false;
        try {
            List<Subscription> some = someSubscriptions(subscriptionBytes);
            if (greeting != null || !some.isEmpty()) {
                // The first RPC also has the extensions, which are not allowed in any other.
                codec.encode(new Rpc(some, List.of(), greeting, null, false), out);
                greeting = null;
            } else if (!parts.isEmpty() || !control.isEmpty()) {
                if (parts.isEmpty()) {
                    parts.addAll(control.take(limits));
                }
                codec.encode(Rpc.ofControl(parts.remove()), out);
            } else if (testExtension) {
                testExtension = false;
                codec.encode(new Rpc(List.of(), List.of(), null, null, true), out);
            } else {
                PartialMessage partial = partials.remove();
                bytes -= sizeOf(partial);
                codec.encode(new Rpc(List.of(), List.of(), null, partial, false), out);
            }
            written = true;
            return out;
        } finally {
            if (!written) {
                out.release();
            }
        }
    }

    private List<Subscription> someSubscriptions(int maxBytes) {
        List<Subscription> some = new ArrayList<>(subscriptions.size());
        int size = 0;
        for (Subscription subscription : subscriptions.values()) {
            size += subscription.topic().length() + SUBSCRIPTION_OVERHEAD;
            if (size > maxBytes && !some.isEmpty()) {
                break;
            }
            some.add(subscription);
        }
        for (Subscription sent : some) {
            subscriptions.remove(sent.topic());
            if (unread != null) {
                unread.said(sent);
            }
        }
        return some;
    }
}
