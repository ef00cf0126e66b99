package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.tunnel.LinkConfig;
import dev.spillway.site.identity.HubTrust;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.wire.link.LinkHeaders;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What those who have no certificate of an agent can do at the port for links. */
class LinkPortIT {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int STRANGERS = 3;

  @TempDir Path folder;
  private TestSite hub;

  @BeforeEach
  void start() throws Exception {
    hub = new TestSite(folder, new LinkConfig.Limits(LONG, LONG, STRANGERS));
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  @SuppressWarnings("FutureReturnValueIgnored") // the hub may have closed it
  void isLeftByOneWhoSendsAByteAtATime() throws Exception {
    hub.close();
    hub = new TestSite(folder, new LinkConfig.Limits(LONG, Duration.ofMillis(500), STRANGERS));
    Channel stranger = stranger();
    byte[] endless = ("POST /join HTTP/1.1\r\nx: " + "a".repeat(4_000)).getBytes(US_ASCII);
    AtomicInteger sent = new AtomicInteger();

    stranger
        .eventLoop()
        .scheduleAtFixedRate(
            () -> {
              if (stranger.isActive() && sent.get() < endless.length) {
                byte next = endless[sent.getAndIncrement()];
                stranger.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {next}));
              }
            },
            0,
            20,
            MILLISECONDS);

    until("the hub closed it", () -> !stranger.isOpen());
    assertThat(sent).hasValueBetween(2, endless.length - 1);
  }

  @Test
  void holdsSoManyStrangersAndThoseWhoJoinWhenTheyLeft() throws Exception {
    SiteIdentity identity = hub.join();
    List<Channel> strangers = new ArrayList<>();
    until("who joined is gone", () -> holds(strangers, STRANGERS));

    Channel oneMore = dial();
    until("the last is closed", () -> !oneMore.isOpen());
    assertThat(strangers).allMatch(Channel::isOpen);

    strangers.forEach(each -> each.close().syncUninterruptibly());
    until("an agent links", () -> links(identity));
  }

  /** Whoever has shown a certificate that is good takes no stranger's place. */
  @Test
  void holdsAsManyAgentsAsCome() throws Exception {
    SiteIdentity identity = hub.join();
    List<UnrulyAgent> agents = new ArrayList<>();

    for (int i = 0; i < 3 * STRANGERS; i++) {
      UnrulyAgent next = UnrulyAgent.dial(hub, identity);
      next.awaitQuestion();
      agents.add(next);
    }

    assertThat(agents).allMatch(UnrulyAgent::isOpen);
  }

  /** Strangers whom the hub let in; until there are so many. */
  private boolean holds(List<Channel> strangers, int count) {
    try {
      strangers.add(stranger());
    } catch (Exception e) {
      return false; // turned away: another holds the place still
    }
    return strangers.size() == count;
  }

  private boolean links(SiteIdentity identity) {
    try {
      UnrulyAgent agent = UnrulyAgent.dial(hub, identity);
      agent.say(UnrulyAgent.head("200", "abc123", LinkHeaders.CONTROL));
    } catch (Exception e) {
      return false; // turned away
    }
    return !hub.links.status().isEmpty();
  }

  /** One without a certificate, whose handshake is over. */
  private Channel stranger() throws Exception {
    Channel stranger = dial();
    stranger.pipeline().get(SslHandler.class).handshakeFuture().sync();
    return stranger;
  }

  private Channel dial() throws Exception {
    SslContext tls = tls(hub.keys.authority().certificate());
    Channel stranger =
        new Bootstrap()
            .group(hub.loops)
            .channel(EpollSocketChannel.class)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel socket) {
                    socket.pipeline().addLast(tls.newHandler(socket.alloc()));
                  }
                })
            .connect("127.0.0.1", hub.port())
            .sync()
            .channel();
    hub.keep(() -> stranger.close().syncUninterruptibly());
    return stranger;
  }

  private static SslContext tls(X509Certificate authority) throws Exception {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3")
        .trustManager(HubTrust.by(authority, Clock.systemUTC()))
        .build();
  }
}
