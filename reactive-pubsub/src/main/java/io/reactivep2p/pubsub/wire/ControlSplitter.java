package io.reactivep2p.pubsub.wire;

import io.reactivep2p.connection.SansIo;
import java.util.ArrayList;
import java.util.List;

/** Cuts control into pieces that fit into an RPC each. */
@SansIo
public final class ControlSplitter {

    /** The ids of IDONTWANT that go-libp2p heeds in one RPC. */
    public static final int MAX_IDONTWANT_IDS = 10;

    private final RpcLimits limits;
    private final List<Control> pieces = new ArrayList<>();

    private ControlSplitter(RpcLimits limits) {
        this.limits = limits;
    }

    /** The same control in one or more pieces. */
    public static List<Control> split(Control control, RpcLimits limits) {
        return List.of(control);
    }
}
