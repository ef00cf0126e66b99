package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.DONE;
import static dev.spillway.gateway.Answers.LAST_CHUNK;
import static dev.spillway.gateway.Answers.chunks;
import static dev.spillway.gateway.Answers.streamHead;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.wire.chat.Operation;
import io.netty.util.LeakPresenceDetector;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streams that nobody can go on with, and that break after their first content: the client is told
 * in the words of their API, and nobody else is asked. Of chats and completions see {@link
 * StreamIsCutIT} and {@link CompletionIsCutIT}.
 */
@ParameterizedClass
@EnumSource(Protocol.class)
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EveryStreamIsCutIT {
  private static final String ERROR =
      "data: {\"type\":\"error\",\"error\":{\"type\":\"any\",\"message\":\"m\"}}\n\n";

  private final Protocol protocol;

  EveryStreamIsCutIT(Protocol protocol) {
    this.protocol = protocol;
  }

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  static Stream<Sample> streams() {
    return Sample.all()
        .filter(Sample::streams)
        .filter(each -> each.operation() != Operation.COMPLETIONS);
  }

  static Stream<Arguments> cuts() {
    return streams()
        .flatMap(each ->
            Stream.concat(cuts(each).stream(), stalls(each)).map(cut -> Arguments.of(each, cut)));
  }

  /** Images and transcripts take as long as they take: they have their deadline alone. */
  private static Stream<Broken> stalls(Sample sample) {
    Script stall = Script.send(streamHead() + chunks(sample.beginning()));
    return Stream.of(new Broken("a stall", stall, Kind.STALLED))
        .filter(_ -> !sample.operation().isOfMedia());
  }

  private static List<Broken> cuts(Sample sample) {
    String begun = streamHead() + chunks(sample.beginning());
    return List.of(
        new Broken("FIN", Script.send(begun).thenClose(), Kind.STREAM_BROKEN),
        new Broken(
            "FIN inside an event",
            Script.send(begun + "9\r\ndata: ").thenClose(),
            Kind.STREAM_BROKEN),
        new Broken("an end", Script.send(begun + LAST_CHUNK), Kind.STREAM_BROKEN),
        new Broken(
            "[DONE] too early", Script.send(begun + chunks(DONE) + LAST_CHUNK), Kind.STREAM_BROKEN),
        new Broken("an error", Script.send(begun + chunks(ERROR)), Kind.SERVER_ERROR),
        new Broken("no JSON", Script.send(begun + chunks("data: {{\n\n")), Kind.BAD_ANSWER),
        new Broken("a bad chunk size", Script.send(begun + "zz\r\n"), Kind.BAD_ANSWER));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cuts")
  void endWithAnErrorInTheWordsOfTheirApi(Sample sample, Broken cut) throws Exception {
    try (ScriptedProvider first = new ScriptedProvider(cut.script());
        ScriptedProvider second = new ScriptedProvider(sample.script());
        TestHub hub = hub(sample, first, second);
        TestClient client = protocol.connect(hub)) {
      client.send(sample.request());

      ReceivedMessage got = client.receive();
      assertThat(Kept.withoutTag(got.body())).startsWith(sample.beginning() + sample.error());
      assertThat(got.body()).doesNotContain("[DONE]");
      assertThat(got.whole()).isTrue();
      assertThat(second.requests()).isEmpty();
      RequestRecord record = hub.nextEnded();
      assertThat(record.outcome()).isEqualTo(Outcome.CUT);
      assertThat(record.failures())
          .extracting(failed -> failed.failure().kind())
          .containsExactly(cut.kind());
    }
  }

  /** What was sent before a reset may be lost with it; here the client has it. */
  @ParameterizedTest
  @MethodSource("streams")
  void endWithAnErrorWhereTheyAreReset(Sample sample) throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    Script reset =
        Script.send(streamHead() + chunks(sample.beginning())).thenAwait(seen).thenReset();
    try (ScriptedProvider first = new ScriptedProvider(reset);
        ScriptedProvider second = new ScriptedProvider(sample.script());
        TestHub hub = hub(sample, first, second);
        TestClient client = protocol.connect(hub)) {
      client.send(sample.request()).receiveUntil(lastOf(sample.beginning()));
      seen.countDown();

      client.receiveUntil(sample.error());

      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.CUT);
      assertThat(second.requests()).isEmpty();
    }
  }

  /** Of some events the hub changes the ids, but not of those with content. */
  private static String lastOf(String events) {
    String[] all = events.split("\n\n", -1);
    return all[all.length - 2];
  }

  private static TestHub hub(Sample sample, ScriptedProvider first, ScriptedProvider second)
      throws Exception {
    return TestHub.start(
        HubPlan.before(first.port(), second.port())
            .speaking(sample.dialect(), sample.dialect())
            .stallingWithin(TestHub.IMPATIENCE));
  }
}
