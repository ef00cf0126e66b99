package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.engine.ReplicaSet;
import dev.spillway.simulator.live.TextCall.Delivery;
import dev.spillway.simulator.live.TextCall.Shape;
import dev.spillway.simulator.live.TextCall.StreamUsage;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.LeakPresenceDetector;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnswerStreamTest {
  private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
  private final HttpReply reply =
      new HttpReply(
          channel.pipeline().lastContext(), HttpReply.Persistence.KEEP_ALIVE, "id", () -> {});
  private final EngineLoop engine =
      new EngineLoop(channel.eventLoop(), ReplicaSet.asProfiled(EngineCatalog.H100X4_70B, 1));
  private final AnswerPlan plan = AnswerPlan.of(call(3), 0);
  private final AnswerStream stream =
      new AnswerStream(
          reply, engine, plan, new ChatWording(new AnswerHead("chatcmpl-1", "sim-m", 1), plan));

  @BeforeEach
  void readsTheHead() {
    HttpResponse head = channel.readOutbound();
    assertThat(head.headers().get("content-type")).startsWith("text/event-stream");
  }

  @AfterEach
  void leaksNothing() {
    channel.finishAndReleaseAll();
    LeakPresenceDetector.check();
  }

  @Test
  void writesNothingWhileTheConnectionTakesNoMore() {
    stream.token(1);
    written();
    writable(false);

    stream.token(2);
    stream.token(3);
    stream.complete();

    assertThat(written()).isEmpty();
    writable(true);
    stream.writable();
    assertThat(written())
        .contains("\"content\":\" answer\"", "\"content\":\" is\"")
        .endsWith("data: [DONE]\n\n");
  }

  @Test
  void givesTheRoleOnceAndBeforeAnyText() {
    writable(false);
    stream.token(1);
    stream.token(2);
    writable(true);
    stream.writable();

    assertThat(written())
        .startsWith("data: {\"id\":\"chatcmpl-1\"")
        .containsOnlyOnce("\"role\":\"assistant\"")
        .containsSubsequence("\"role\"", "\"content\":\"This\"", "\"content\":\" answer\"");
  }

  private void writable(boolean now) {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, now);
  }

  private String written() {
    channel.flush();
    var text = new StringBuilder();
    for (HttpContent content = channel.readOutbound();
        content != null;
        content = channel.readOutbound()) {
      text.append(content.content().toString(UTF_8));
      content.release();
    }
    return text.toString();
  }

  private static TextCall call(int maxTokens) {
    return new TextCall(
        "m",
        Delivery.STREAMED,
        StreamUsage.LEFT_OUT,
        new Prompt(1, 1, "", new Wish.Nothing()),
        OptionalInt.of(maxTokens),
        OptionalInt.empty(),
        List.of(),
        new Shape.Prose());
  }
}
