package io.reactivep2p.pubsub.wire;

import com.google.protobuf.ByteString;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.pb.RpcProto;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** RPCs as the classes that protobuf generates. */
final class Generated {

    private Generated() {}

    static RpcProto.Rpc of(Rpc rpc) {
        RpcProto.Rpc.Builder out = RpcProto.Rpc.newBuilder();
        for (Subscription subscription : rpc.subscriptions()) {
            RpcProto.SubOpts.Builder options = out.addSubscriptionsBuilder()
                    .setSubscribe(subscription.subscribe())
                    .setTopic(subscription.topic());
            if (subscription.requestsPartial()) {
                options.setRequestsPartial(true);
            }
            if (subscription.supportsSendingPartial()) {
                options.setSupportsSendingPartial(true);
            }
        }
        rpc.messages().forEach(message -> out.addPublish(of(message)));
        Control control = rpc.control();
        if (control != null) {
            out.setControl(of(control));
        }
        PartialMessage partial = rpc.partial();
        if (partial != null) {
            RpcProto.Partial.Builder part =
                    out.getPartialBuilder().setTopic(partial.topic()).setGroup(ByteString.copyFrom(partial.group()));
            ifThere(partial.parts(), part::setParts);
            ifThere(partial.metadata(), part::setMetadata);
        }
        if (rpc.testExtension()) {
            out.setTestExtension(RpcProto.TestExtension.getDefaultInstance());
        }
        return out.build();
    }

    private static RpcProto.Message of(RawMessage message) {
        RpcProto.Message.Builder out = RpcProto.Message.newBuilder().setTopic(message.topic());
        ifThere(message.from(), out::setFrom);
        ifThere(message.data() == RawMessage.NO_DATA ? null : message.data(), out::setData);
        ifThere(message.seqno(), out::setSeqno);
        ifThere(message.signature(), out::setSignature);
        ifThere(message.key(), out::setKey);
        return out.build();
    }

    private static RpcProto.ControlMessage of(Control control) {
        RpcProto.ControlMessage.Builder out = RpcProto.ControlMessage.newBuilder();
        for (Control.IHave have : control.ihave()) {
            out.addIhave(RpcProto.ControlIHave.newBuilder()
                    .setTopic(have.topic())
                    .addAllIds(ids(have.ids()).getIdsList()));
        }
        if (!control.iwant().isEmpty()) {
            out.addIwant(ids(control.iwant()));
        }
        control.graft()
                .forEach(
                        topic -> out.addGraft(RpcProto.ControlGraft.newBuilder().setTopic(topic)));
        for (Control.Prune prune : control.prune()) {
            RpcProto.ControlPrune.Builder pruned = out.addPruneBuilder().setTopic(prune.topic());
            for (Control.ExchangedPeer peer : prune.peers()) {
                RpcProto.PeerInfo.Builder info = pruned.addPeersBuilder()
                        .setId(ByteString.copyFrom(peer.peer().toBytes()));
                if (peer.signedRecord().length > 0) {
                    info.setSignedRecord(ByteString.copyFrom(peer.signedRecord()));
                }
            }
            prune.backoffSeconds().ifPresent(pruned::setBackoff);
        }
        if (!control.idontwant().isEmpty()) {
            out.addIdontwant(ids(control.idontwant()));
        }
        Control.Extensions extensions = control.extensions();
        if (extensions != null) {
            RpcProto.ControlExtensions.Builder said = out.getExtensionsBuilder();
            if (extensions.partialMessages()) {
                said.setPartialMessages(true);
            }
            if (extensions.testExtension()) {
                said.setTestExtension(true);
            }
        }
        return out.build();
    }

    private static RpcProto.Ids ids(List<MessageId> ids) {
        RpcProto.Ids.Builder out = RpcProto.Ids.newBuilder();
        ids.forEach(id -> out.addIds(ByteString.copyFrom(id.toBytes())));
        return out.build();
    }

    private static void ifThere(byte @Nullable [] value, Consumer<ByteString> set) {
        if (value != null) {
            set.accept(ByteString.copyFrom(value));
        }
    }
}
