package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.site.identity.HubTrust;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.wire.link.LinkHeaders;
import dev.spillway.wire.link.LinkNames;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent with a certificate of its own that does not say, once and in hex, which it is. */
class UnrulyAgentIT {
  @TempDir Path folder;
  private TestSite hub;

  @BeforeEach
  void start() throws Exception {
    hub = new TestSite(folder);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void isTakenWhenItSaysWhatItShould() throws Exception {
    Channel link = dial(List.of(head("200", "abc123")));

    until("it is known", () -> hub.links.status().size() == 1);
    assertThat(link.isOpen()).isTrue();
  }

  @Test
  void isClosedWhenItsNameIsNotHex() throws Exception {
    turnedAway(List.of(head("200", "agent\"} 1")));
  }

  @Test
  void isClosedWhenItsNameIsTooLong() throws Exception {
    turnedAway(List.of(head("200", "a".repeat(65))));
  }

  @Test
  void isClosedWhenItSaysNoName() throws Exception {
    turnedAway(List.of(new DefaultHttp2Headers().status("200")));
  }

  @Test
  void isClosedWhenItSaysTwoNames() throws Exception {
    turnedAway(List.of(head("103", "abc123"), head("200", "def456")));
  }

  @Test
  void isClosedWhenItSaysAnotherNameInTheEnd() throws Exception {
    Http2Headers trailers =
        new DefaultHttp2Headers()
            .set(LinkHeaders.INSTANCE, "def456")
            .set(LinkHeaders.KIND, LinkHeaders.CONTROL);

    turnedAway(List.of(head("200", "abc123"), trailers));
  }

  private void turnedAway(List<Http2Headers> heads) throws Exception {
    Channel link = dial(heads);

    until("the hub closed it", () -> !link.isOpen());
    until("the hub knows nobody", () -> hub.links.status().isEmpty());
  }

  private static Http2Headers head(String status, String instance) {
    return new DefaultHttp2Headers()
        .status(status)
        .set(LinkHeaders.INSTANCE, instance)
        .set(LinkHeaders.KIND, LinkHeaders.CONTROL);
  }

  /** Links, and answers the stream that the hub opens first with these heads. */
  private Channel dial(List<Http2Headers> heads) throws Exception {
    SslContext tls = tls(hub.join());
    Channel link =
        new Bootstrap()
            .group(hub.loops)
            .channel(EpollSocketChannel.class)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel socket) {
                    socket
                        .pipeline()
                        .addLast(
                            tls.newHandler(socket.alloc()),
                            Http2FrameCodecBuilder.forServer().build(),
                            new Http2MultiplexHandler(new Answering(heads)));
                  }
                })
            .connect("127.0.0.1", hub.port())
            .syncUninterruptibly()
            .channel();
    hub.keep(() -> link.close().syncUninterruptibly());
    return link;
  }

  private static SslContext tls(SiteIdentity identity) throws Exception {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3")
        .keyManager(identity.key(), identity.certificate())
        .trustManager(HubTrust.by(identity.authority(), Clock.systemUTC()))
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                LinkNames.PROTOCOL))
        .build();
  }

  private static final class Answering extends ChannelInitializer<Channel> {
    private final List<Http2Headers> heads;

    Answering(List<Http2Headers> heads) {
      this.heads = heads;
    }

    @Override
    protected void initChannel(Channel stream) {
      stream
          .pipeline()
          .addLast(
              new ChannelInboundHandlerAdapter() {
                @Override
                @SuppressWarnings("FutureReturnValueIgnored") // the hub may have closed it
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                  boolean opens = message instanceof Http2HeadersFrame;
                  ReferenceCountUtil.release(message);
                  if (opens) {
                    for (Http2Headers each : heads) {
                      boolean last = !each.contains(":status");
                      ctx.writeAndFlush(new DefaultHttp2HeadersFrame(each, last));
                    }
                  }
                }
              });
    }
  }
}
