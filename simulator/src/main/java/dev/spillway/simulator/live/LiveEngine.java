package dev.spillway.simulator.live;

import dev.spillway.simulator.engine.ReplicaSet;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A simulated engine behind a real port: OpenAI's API, vLLM's metrics, and the timing of the engine
 * model.
 *
 * <p>One event loop does everything: connections, the model, the texts. It says that it is
 * simulated in its model list, its model name, the head and the text of its answers.
 *
 * <p>The methods here may be called from any thread but the loop's own, and block.
 */
public final class LiveEngine implements Closeable {
  private static final int MAX_BODY_BYTES = 32 << 20;
  private static final long DRAIN_SECONDS = 10;
  private static final long DRAIN_LOOK_MILLIS = 20;

  private final LiveEngineConfig config;
  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final FaultSource faults;
  private int port;
  private @Nullable Incarnation running;

  /** What lives from a start to a kill: a fresh engine, its port, its connections. */
  private record Incarnation(Channel listener, LiveConnections connections) {}

  private LiveEngine(LiveEngineConfig config) {
    this.config = config;
    this.port = config.port();
    this.faults = new FaultSource(config.faults());
    this.group =
        new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    this.loop = group.next();
  }

  /**
   * Starts an engine that listens when this returns.
   *
   * @throws IOException if the port cannot be had
   */
  public static LiveEngine start(LiveEngineConfig config) throws IOException {
    var engine = new LiveEngine(config);
    try {
      engine.restart();
    } catch (IOException e) {
      engine.close();
      throw e;
    }
    return engine;
  }

  /** The port it listens on; the same after a restart. */
  public synchronized int port() {
    return port;
  }

  /** Has one more of the coming requests fail so; several fail in the order of these calls. */
  public void failNext(Fault fault) {
    faults.failNext(fault);
  }

  /**
   * Listens again after {@link #kill}, on the same port, with nothing left of before.
   *
   * @throws IllegalStateException if it is running
   * @throws IOException if the port cannot be had
   */
  public synchronized void restart() throws IOException {
    if (running != null) {
      throw new IllegalStateException("restart: running on port " + port);
    }
    var connections = new LiveConnections();
    var replicas =
        ReplicaSet.perturbed(
            config.profile(),
            config.replicas(),
            config.perturbation(),
            new SplittableRandom(config.seed()));
    var handler = new ApiHandler(config, new EngineLoop(loop, replicas), faults);
    ChannelFuture bound =
        bootstrap(handler, connections).bind(config.host(), port).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen on " + config.host() + ":" + port, bound.cause());
    }
    running = new Incarnation(bound.channel(), connections);
    port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  /**
   * Dies at once, as far as anybody outside can see: refuses new connections and resets the open
   * ones. Does nothing if it is dead already.
   */
  public synchronized void kill() {
    if (running != null) {
      running.listener.close().awaitUninterruptibly();
      loop.submit(running.connections::reset).awaitUninterruptibly();
      running = null;
    }
  }

  /** Stops taking connections, lets answers end for up to ten seconds, and stops for good. */
  @Override
  public synchronized void close() {
    if (running != null) {
      running.listener.close().awaitUninterruptibly();
      drain(running.connections);
      kill();
    }
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void drain(LiveConnections connections) {
    loop.submit(connections::drain).awaitUninterruptibly();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
    while (System.nanoTime() < deadline
        && !loop.submit(connections::areNone).awaitUninterruptibly().getNow()) {
      loop.schedule(() -> {}, DRAIN_LOOK_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
  }

  private ServerBootstrap bootstrap(ApiHandler handler, LiveConnections connections) {
    Class<? extends ServerChannel> listener =
        Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    return new ServerBootstrap()
        .group(group)
        .channel(listener)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, 4_096)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel
                    .pipeline()
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpObjectAggregator(MAX_BODY_BYTES))
                    .addLast(new Connection(handler, connections));
              }
            });
  }
}
