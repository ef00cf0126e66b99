package dev.spillway.site.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.site.engine.ServedDeployment.Prefixes;
import dev.spillway.site.prefix.PromptPrefix;
import dev.spillway.wire.link.SiteMessage.Pace;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What answers teach of how fast an engine reads, and how long their prompts count as unread. */
class EngineCallTest {
  private static final long RATE = 10_000;
  private static final long INPUT = 2_000;
  private static final long TEN_SECONDS = TimeUnit.SECONDS.toNanos(10);

  private final EngineAddress address = new EngineAddress("engine", 8_000, "/v1");
  private final Replica replica = new Replica(address, "mark");
  private final ServedDeployment deployment =
      new ServedDeployment(new DeploymentId("chat-oci"), List.of(replica), Prefixes.OF_A_TENANT, 0);
  private final EmbeddedChannel wire = new EmbeddedChannel();
  private final EnginePool pool =
      new EnginePool(wire.eventLoop(), EmbeddedChannel.class, DefaultAddressResolverGroup.INSTANCE);

  @BeforeEach
  void connected() {
    deployment.measured(replica, new Pace(RATE, 0, 0));
    EngineConnection connection = new EngineConnection(pool, address);
    wire.pipeline().addLast(new HttpRequestEncoder(), new HttpResponseDecoder(), connection);
    pool.giveBack(connection);
  }

  @AfterEach
  void closed() {
    wire.finishAndReleaseAll();
  }

  @Test
  void learnsNothingOfReadingFromAnAnswerThatComesAllAtOnce() {
    sent(Reading.UNSEEN, System.nanoTime() - TEN_SECONDS);

    answered("200 OK");

    assertThat(rate()).isEqualTo(RATE);
  }

  @Test
  void learnsFromWhenAStreamBegins() {
    sent(Reading.SEEN, System.nanoTime() - TEN_SECONDS);

    answered("200 OK");

    assertThat(rate()).isLessThan(RATE);
  }

  @Test
  void learnsNothingFromARefusal() {
    sent(Reading.SEEN, System.nanoTime() - TEN_SECONDS);

    answered("400 Bad Request");

    assertThat(rate()).isEqualTo(RATE);
  }

  @Test
  void countsAPromptWhoseAnswerComesAllAtOnceForAsLongAsItIsRead() {
    long now = System.nanoTime();

    EngineCall call = sent(Reading.UNSEEN, now);

    assertThat(deployment.queueMicros(now)).isEqualTo(200_000);
    assertThat(deployment.queueMicros(now + TimeUnit.MILLISECONDS.toNanos(150))).isEqualTo(50_000);
    assertThat(deployment.queueMicros(now + TimeUnit.SECONDS.toNanos(1))).isZero();
    call.cancel();
  }

  @Test
  void countsAPromptOfAStreamUntilItBegins() {
    long now = System.nanoTime();
    sent(Reading.SEEN, now);
    assertThat(deployment.queueMicros(now + TEN_SECONDS)).isEqualTo(200_000);

    answered("200 OK");

    assertThat(deployment.queueMicros(now)).isZero();
  }

  @Test
  void countsNothingOfACallThatWasGivenUp() {
    long now = System.nanoTime();
    EngineCall call = sent(Reading.UNSEEN, now);

    call.cancel();

    assertThat(deployment.queueMicros(now)).isZero();
    assertThat(replica.inFlight()).isZero();
  }

  private EngineCall sent(Reading reading, long nowNanos) {
    Choice choice = deployment.choose(PromptPrefix.NONE, INPUT, nowNanos);
    EngineCall.Request request =
        new EngineCall.Request(
            HttpMethod.POST,
            "/chat/completions",
            reading,
            EmptyHttpHeaders.INSTANCE,
            Unpooled.EMPTY_BUFFER);
    return EngineCall.start(pool, choice, request, new Dropped(), nowNanos);
  }

  private void answered(String status) {
    String answer = "HTTP/1.1 " + status + "\r\ncontent-length: 4\r\n\r\nwell";
    wire.writeInbound(Unpooled.copiedBuffer(answer, UTF_8));
  }

  private long rate() {
    return deployment.state(System.nanoTime()).prefillTokensPerSecond();
  }

  private static final class Dropped implements EngineAnswer {
    @Override
    public void head(int status, HttpHeaders headers) {}

    @Override
    public void content(ByteBuf bytes) {
      bytes.release();
    }

    @Override
    public void readComplete() {}

    @Override
    public void complete() {}

    @Override
    public void failed() {}
  }
}
