package io.reactivep2p.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A name server on loopback that knows what a test tells it; names end with a dot, others do not exist. */
final class FakeDnsServer implements AutoCloseable {

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Channel channel;

    FakeDnsServer() {
        channel = new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel created) {
                        created.pipeline()
                                .addLast(
                                        new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new Answers());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    FakeDnsServer ip(String name, String... literals) throws UnknownHostException {
        for (String literal : literals) {
            byte[] bytes = InetAddress.getByName(literal).getAddress();
            add(bytes.length == 4 ? DnsRecordType.A : DnsRecordType.AAAA, name, bytes);
        }
        return this;
    }

    /** Each text is a record of one character-string. */
    FakeDnsServer txt(String name, String... texts) {
        for (String text : texts) {
            strings(name, text);
        }
        return this;
    }

    /** One record of several character-strings. */
    FakeDnsServer strings(String name, String... strings) {
        ByteBuf data = Unpooled.buffer();
        for (String string : strings) {
            byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
            data.writeByte(bytes.length).writeBytes(bytes);
        }
        byte[] bytes = new byte[data.readableBytes()];
        data.readBytes(bytes);
        return raw(name, bytes);
    }

    FakeDnsServer raw(String name, byte[] data) {
        return add(DnsRecordType.TXT, name, data);
    }

    FakeDnsServer silent(String name) {
        silent.add(name + ".");
        return this;
    }

    private FakeDnsServer add(DnsRecordType type, String name, byte[] data) {
        records.computeIfAbsent(type.name() + " " + name + ".", key -> new ArrayList<>())
                .add(data);
        return this;
    }

    /** Type and name of each question that came. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Answers extends SimpleChannelInboundHandler<DatagramDnsQuery> {

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            String key = question.type().name() + " " + question.name();
            asked.add(key);
            if (silent.contains(question.name())) {
                return;
            }
            DatagramDnsResponse response = new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
            response.setRecursionAvailable(true);
            response.addRecord(DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
            List<byte[]> found = records.getOrDefault(key, List.of());
            boolean known = records.keySet().stream().anyMatch(name -> name.endsWith(" " + question.name()));
            if (!known) {
                response.setCode(DnsResponseCode.NXDOMAIN);
            }
            for (byte[] data : found) {
                response.addRecord(
                        DnsSection.ANSWER,
                        new DefaultDnsRawRecord(question.name(), question.type(), 60, Unpooled.wrappedBuffer(data)));
            }
            ctx.writeAndFlush(response);
        }
    }
}
