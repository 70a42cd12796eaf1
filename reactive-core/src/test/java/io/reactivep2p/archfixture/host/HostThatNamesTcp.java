package io.reactivep2p.archfixture.host;

import io.netty.channel.Channel;
import io.reactivep2p.archfixture.transport.tcp.SomeTcp;

public final class HostThatNamesTcp {
    SomeTcp transport;
    Channel channel;
}
