package dev.spillway.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.gateway.timing.LoopClock;
import dev.spillway.gateway.timing.PassEnd;
import dev.spillway.providers.Dialects;
import dev.spillway.testkit.StepwiseEngine;
import dev.spillway.wire.dialect.UpstreamTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
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
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asks the kernel, of a connection that serves several streams one right after the other. */
class AcknowledgementsIT {
  private static MultiThreadIoEventLoopGroup loops;

  @BeforeAll
  static void start() {
    assumeTrue(Epoll.isAvailable(), "skipped: epoll is Linux's");
    loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  }

  @AfterAll
  static void stop() {
    if (loops != null) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vllm, false",
    "sglang, false",
    "openai, true",
    "azure-openai, true",
    "llamacpp, true"
  })
  void acknowledgesAtOnceUnlessTheServerSendsAtOnce(String dialect, boolean atOnce)
      throws Exception {
    try (StepwiseEngine engine = new StepwiseEngine()) {
      UpstreamPool pool = pool(loops.next());
      Upstream to = upstream(engine.port(), dialect);
      for (int i = 0; i < 3; i++) {
        Stream stream = Stream.open(pool, to);
        engine.beginStream();
        assertThat(stream.acknowledges()).as("stream %d", i).isEqualTo(atOnce);
        engine.endStream();
        assertThat(stream.ended.poll(5, TimeUnit.SECONDS)).isEqualTo("complete");
      }
    }
  }

  private static UpstreamPool pool(EventLoop loop) {
    return new UpstreamPool(
        loop,
        EpollSocketChannel.class,
        DefaultAddressResolverGroup.INSTANCE,
        () -> {
          throw new AssertionError("no TLS here");
        },
        new PassEnd(loop),
        new LoopClock(System::nanoTime));
  }

  private static Upstream upstream(int port, String dialect) {
    return new Upstream(
        new DeploymentId("engine"),
        new Endpoint("127.0.0.1", port, Endpoint.Security.PLAIN),
        new UpstreamTarget("/v1", "m", null, UpstreamTarget.EngineOrder.ARRIVAL),
        Dialects.named(dialect),
        Credential.NONE);
  }

  /** One answer. */
  private static final class Stream implements Answer {
    private final BlockingQueue<Boolean> acknowledges = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private @Nullable Attempt attempt;

    static Stream open(UpstreamPool pool, Upstream to) {
      Stream stream = new Stream();
      AttemptRequest request =
          new AttemptRequest(
              HttpMethod.GET,
              "/v1/stream",
              EmptyHttpHeaders.INSTANCE,
              Unpooled.EMPTY_BUFFER,
              SiteNote.NONE);
      loops.next().execute(() -> stream.attempt = pool.open(to, request, stream));
      return stream;
    }

    boolean acknowledges() throws InterruptedException {
      Boolean said = acknowledges.poll(5, TimeUnit.SECONDS);
      assertThat(said).as("an answer").isNotNull();
      return said;
    }

    @Override
    public void head(int status, HttpHeaders headers) {}

    @Override
    public void content(ByteBuf bytes) {
      bytes.release();
    }

    @Override
    public void readComplete() {
      acknowledges.add(channel().config().getOption(EpollChannelOption.TCP_QUICKACK));
    }

    /** Its connection is among what each chunk needs. */
    private Channel channel() {
      Prefetch chunk = new Prefetch();
      Objects.requireNonNull(attempt).need(chunk);
      return Arrays.stream(chunk.all())
          .filter(ChannelHandlerContext.class::isInstance)
          .map(each -> ((ChannelHandlerContext) each).channel())
          .findAny()
          .orElseThrow();
    }

    @Override
    public void complete() {
      ended.add("complete");
    }

    @Override
    public void failed(AttemptFailure failure) {
      ended.add(failure.toString());
    }
  }
}
