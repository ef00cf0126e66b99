package dev.spillway.gateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spillway.gateway.GatewayConfig.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SocketsTest {
  private final CompletableFuture<Long> unsentBytes = new CompletableFuture<>();

  @Test
  void holdsLittleInTheKernelForAClientThatDoesNotRead() throws Exception {
    assumeTrue(Epoll.isAvailable(), "it is epoll's to say");
    Sockets sockets = Sockets.of(Transport.EPOLL);
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, sockets.driver());
    ServerBootstrap server =
        new ServerBootstrap().group(loop).channel(sockets.server()).childHandler(new Asks());

    sockets.holdLittle(server);

    Channel listening = server.bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
    int port = ((InetSocketAddress) listening.localAddress()).getPort();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertThat(client.isConnected()).isTrue();
      assertThat(unsentBytes.get(10, TimeUnit.SECONDS)).isEqualTo(32 << 10);
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  /** Asks the kernel, of a connection that it accepted. */
  private final class Asks extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      unsentBytes.complete(
          requireNonNull(ctx.channel().config().getOption(EpollChannelOption.TCP_NOTSENT_LOWAT)));
    }
  }
}
