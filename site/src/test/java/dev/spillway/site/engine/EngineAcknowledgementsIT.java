package dev.spillway.site.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.site.engine.ServedDeployment.Prefixes;
import dev.spillway.site.prefix.PromptPrefix;
import dev.spillway.testkit.StepwiseEngine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Asks the kernel, of a connection that serves several streams one right after the other. */
class EngineAcknowledgementsIT {
  private static final EngineCall.Request REQUEST =
      new EngineCall.Request(
          HttpMethod.GET,
          "/stream",
          Reading.SEEN,
          EmptyHttpHeaders.INSTANCE,
          Unpooled.EMPTY_BUFFER);

  /** An agent does not know whether an engine waits for acknowledgements. */
  @Test
  void acknowledgesStreamsAtOnce() throws Exception {
    assumeTrue(Epoll.isAvailable(), "skipped: epoll is Linux's");
    MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try (StepwiseEngine engine = new StepwiseEngine()) {
      EventLoop loop = loops.next();
      EnginePool pool =
          new EnginePool(loop, EpollSocketChannel.class, DefaultAddressResolverGroup.INSTANCE);
      EngineAddress address = new EngineAddress("127.0.0.1", engine.port(), "/v1");
      for (int i = 0; i < 3; i++) {
        Told told = start(loop, pool, address);
        engine.beginStream();
        told.awaits("part");
        engine.endStream();
        told.awaits("complete");
        assertThat(loop.submit(() -> acknowledges(pool, address)).get())
            .as("stream %d", i)
            .isTrue();
      }
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private static Told start(EventLoop loop, EnginePool pool, EngineAddress engine) {
    Told told = new Told();
    Replica replica = new Replica(engine, "mark");
    ServedDeployment deployment =
        new ServedDeployment(
            new DeploymentId("chat-oci"), List.of(replica), Prefixes.OF_A_TENANT, 10_000);
    Choice choice = new Choice(deployment, replica, PromptPrefix.NONE, 100, 0);
    loop.execute(() -> EngineCall.start(pool, choice, REQUEST, told, System.nanoTime()));
    return told;
  }

  private static boolean acknowledges(EnginePool pool, EngineAddress engine) {
    EngineConnection idle = Objects.requireNonNull(pool.takeIdle(engine));
    pool.giveBack(idle);
    return idle.channel().config().getOption(EpollChannelOption.TCP_QUICKACK);
  }

  /** What was told of one answer. */
  private static final class Told implements EngineAnswer {
    private final BlockingQueue<String> all = new LinkedBlockingQueue<>();

    void awaits(String what) throws InterruptedException {
      assertThat(all.poll(5, TimeUnit.SECONDS)).isEqualTo(what);
    }

    @Override
    public void head(int status, HttpHeaders headers) {}

    @Override
    public void content(ByteBuf bytes) {
      bytes.release();
      all.add("part");
    }

    @Override
    public void readComplete() {}

    @Override
    public void complete() {
      all.add("complete");
    }

    @Override
    public void failed() {
      all.add("failed");
    }
  }
}
