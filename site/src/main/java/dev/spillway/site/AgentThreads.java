package dev.spillway.site;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * The threads that an agent runs on, or many agents in one process: event loops, and one beside
 * them for what is hard in TLS handshakes, a millisecond or two each, which would hold up answers
 * and heartbeats.
 */
public final class AgentThreads implements AutoCloseable {
  private static final int IDLE_SECONDS = 10;

  private final EventLoopGroup loops;
  private final ThreadPoolExecutor handshakes;

  private AgentThreads(EventLoopGroup loops, ThreadPoolExecutor handshakes) {
    this.loops = loops;
    this.handshakes = handshakes;
  }

  /** So many event loops; 0 for one per core. */
  public static AgentThreads of(int loops) {
    // Bounded by the connections of its agents: each has one task there at the most.
    ThreadPoolExecutor handshakes =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("link-handshakes").factory());
    handshakes.allowCoreThreadTimeOut(true);
    return new AgentThreads(
        new MultiThreadIoEventLoopGroup(
            loops,
            new DefaultThreadFactory("event-loop", Thread.MAX_PRIORITY),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory()),
        handshakes);
  }

  EventLoopGroup loops() {
    return loops;
  }

  Executor handshakes() {
    return handshakes;
  }

  /** Stops them, within two seconds. */
  @Override
  public void close() {
    loops.shutdownGracefully(0, 2, SECONDS).syncUninterruptibly();
    handshakes.shutdownNow();
  }
}
