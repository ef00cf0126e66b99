package dev.spillway.gateway.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.Usage;
import dev.spillway.wire.aggregate.AnswerMemory;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.RequestScan;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.resume.ContinuationMemory;
import dev.spillway.wire.resume.Shown;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.StreamRepair.Repaired;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.LeakPresenceDetector;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class StreamedAnswerTest {
  private static final TenantId TENANT = new TenantId("team-a");
  private static final int MAX_EVENT = 4_096;
  private static final String ROLE = event(0, "{\"role\":\"assistant\",\"content\":\"\"}", "null");
  private static final String HELLO = event(0, "{\"content\":\"Hell\u00f6\"}", "null");
  private static final String STOP = event(0, "{}", "\"stop\"");
  private static final String HEARTBEAT = ": still here\n\n";
  private static final String DONE = "data: [DONE]\n\n";
  private static final String USAGE =
      "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
          + "\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2,"
          + "\"total_tokens\":9}}\n\n";

  private final RecordedMeaning meaning = new RecordedMeaning();

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @RepeatedTest(200)
  void meansTheSameHoweverItsBytesAreSplit(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    Random random = new Random(seed);
    byte[] bytes = (ROLE + HELLO + HEARTBEAT + HELLO + STOP + USAGE + DONE).getBytes(UTF_8);
    StreamedAnswer answer = answer(1);

    for (int from = 0; from < bytes.length; ) {
      int end = Math.min(bytes.length, from + 1 + random.nextInt(120));
      byte[] piece = Arrays.copyOfRange(bytes, from, end);
      answer.content(
          random.nextBoolean() ? RecordedMeaning.chunk(piece) : RecordedMeaning.read(piece));
      answer.readComplete();
      from = end;
    }
    answer.complete();

    assertThat(meaning.relayed.toString())
        .as("seed %d", seed)
        .isEqualTo(ROLE + HELLO + HEARTBEAT + HELLO + STOP + DONE);
    assertThat(meaning.ends).as("seed %d", seed).containsExactly("finished");
    assertThat(usage()).isEqualTo(new Usage(7, 0, 2, Usage.Source.PROVIDER));
  }

  @RepeatedTest(200)
  void meansTheSameHoweverItsEventsAreReadTogether(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    Random random = new Random(seed);
    List<String> events =
        List.of(ROLE, HELLO, HEARTBEAT, HELLO, HELLO, HEARTBEAT, STOP, HEARTBEAT, USAGE, DONE);
    StreamedAnswer answer = answer(1);

    for (int from = 0; from < events.size(); ) {
      int end = Math.min(events.size(), from + 1 + random.nextInt(4));
      String together = String.join("", events.subList(from, end));
      answer.content(RecordedMeaning.chunk(together.getBytes(UTF_8)));
      answer.readComplete();
      from = end;
    }
    answer.complete();

    assertThat(meaning.relayed.toString())
        .as("seed %d", seed)
        .isEqualTo(ROLE + HELLO + HEARTBEAT + HELLO + HELLO + HEARTBEAT + STOP + HEARTBEAT + DONE);
    assertThat(meaning.ends).as("seed %d", seed).containsExactly("finished");
  }

  @Test
  void sendsAReadOnAsItIsWhereAllOfItGoesOn() {
    StreamedAnswer answer = answer(1);
    feed(answer, ROLE + HELLO);
    ByteBuf same = RecordedMeaning.chunk((HELLO + HEARTBEAT + HELLO).getBytes(UTF_8));
    int identity = System.identityHashCode(same);

    answer.content(same);

    assertThat(meaning.last).isEqualTo(identity);
    assertThat(meaning.relayed.toString()).isEqualTo(ROLE + HELLO + HELLO + HEARTBEAT + HELLO);
    answer.release();
  }

  @Test
  void keepsNoLargeBufferForAFewBytes() {
    StreamedAnswer answer = answer(1);
    feed(answer, ROLE + HELLO);
    ByteBuf large = ByteBufAllocator.DEFAULT.buffer(65_536).writeZero(16);
    large.readerIndex(16).writeBytes(HELLO.getBytes(UTF_8));
    int identity = System.identityHashCode(large);

    answer.content(large);

    assertThat(meaning.last).isNotEqualTo(identity);
    assertThat(meaning.relayed.toString()).isEqualTo(ROLE + HELLO + HELLO);
    answer.release();
  }

  @Test
  void holdsWhatComesBeforeTheFirstContent() {
    StreamedAnswer answer = answer(1);

    feed(answer, HEARTBEAT + ROLE);
    assertThat(meaning.begun).isFalse();
    assertThat(meaning.relayed).isEmpty();

    feed(answer, HELLO);
    assertThat(meaning.begun).isTrue();
    assertThat(meaning.relayed.toString()).isEqualTo(ROLE + HELLO);
    answer.release();
  }

  @Test
  void isNotWholeUntilEveryChoiceIs() {
    StreamedAnswer answer = answer(2);

    feed(answer, HELLO + STOP);
    answer.complete();

    assertThat(meaning.ends).containsExactly("STREAM_BROKEN");
    answer.release();
  }

  @Test
  void isWholeWhenEveryChoiceIs() {
    StreamedAnswer answer = answer(2);

    feed(answer, HELLO + STOP + event(1, "{\"content\":\"x\"}", "\"stop\""));
    answer.complete();

    assertThat(meaning.ends).containsExactly("finished");
  }

  @Test
  void guessesTokensThatNobodyCounted() {
    StreamedAnswer answer = answer(1);

    feed(answer, HELLO + HELLO + STOP + DONE);
    answer.readComplete();

    assertThat(usage()).isEqualTo(new Usage(5, 0, 3, Usage.Source.ESTIMATED));
  }

  @Test
  void takesNoEventWithoutEnd() {
    StreamedAnswer answer = answer(1);

    feed(answer, HELLO + "data: {\"x\":\"" + "y".repeat(2 * MAX_EVENT));

    assertThat(meaning.ends).containsExactly("BAD_ANSWER");
    answer.release();
  }

  @Test
  void saysNothingAfterItsEnd() {
    StreamedAnswer answer = answer(1);
    feed(answer, HELLO + STOP + DONE);
    answer.readComplete();
    String before = meaning.relayed.toString();

    feed(answer, HELLO + DONE);
    answer.readComplete();
    answer.complete();

    assertThat(meaning.relayed.toString()).isEqualTo(before);
    assertThat(meaning.ends).containsExactly("finished");
  }

  private Usage usage() {
    Tokens tokens = meaning.tokens;
    return tokens == null ? new Usage(0, 0, 0, Usage.Source.ESTIMATED) : tokens.usage(5);
  }

  /** What came would be whole, had one choice been asked for. */
  @Test
  void lacksChoicesWhenThoseThatBeganAreFinished() {
    StreamedAnswer answer = answer(2);
    answer.content(RecordedMeaning.chunk((ROLE + HELLO).getBytes(UTF_8)));
    assertThat(answer.lacksChoices()).isFalse();

    answer.content(RecordedMeaning.chunk(STOP.getBytes(UTF_8)));

    assertThat(answer.lacksChoices()).isTrue();
    answer.release();
  }

  @Test
  void lacksMoreThanChoicesWhenAnotherHasBegun() {
    StreamedAnswer answer = answer(2);
    String second = event(1, "{\"content\":\"Hi\"}", "null");
    answer.content(RecordedMeaning.chunk((ROLE + HELLO + STOP + second).getBytes(UTF_8)));

    assertThat(answer.lacksChoices()).isFalse();
    answer.release();
  }

  @Test
  void lacksNoChoicesWhenOneWasAskedFor() {
    StreamedAnswer answer = answer(1);
    answer.content(RecordedMeaning.chunk((ROLE + HELLO + STOP).getBytes(UTF_8)));

    assertThat(answer.lacksChoices()).isFalse();
    answer.release();
  }

  /** Some servers send an empty one with every chunk but the last, where others send null. */
  @Test
  void isNotEndedByAReasonThatIsEmpty() {
    StreamedAnswer answer = answer(1);
    feed(answer, event(0, "{\"content\":\"Hel\"}", "\"\""));
    assertThat(answer.lacksOnlyItsEnd()).isFalse();

    answer.complete();

    assertThat(meaning.ends).containsExactly("STREAM_BROKEN");
  }

  @Test
  void isNotEndedByOneChoiceThatEndsTwice() {
    StreamedAnswer answer = answer(2);
    feed(answer, HELLO + event(1, "{\"content\":\"Hel\"}", "null") + STOP + STOP);
    assertThat(answer.lacksOnlyItsEnd()).isFalse();

    feed(answer, event(1, "{\"content\":\"lo\"}", "\"stop\""));

    assertThat(answer.lacksOnlyItsEnd()).isTrue();
    answer.release();
  }

  @Test
  void holdsNoEventsWithoutEndThatHaveNoContent() {
    StreamedAnswer answer = answer(1);
    String many = ROLE.repeat(64);
    for (int i = 0; i < 10_000 && meaning.ends.isEmpty(); i++) {
      feed(answer, many);
    }

    assertThat(meaning.ends).containsExactly("BAD_ANSWER");
    assertThat(meaning.begun).isFalse();
    answer.release();
  }

  /** A proxy that keeps a connection alive may send such for ever. */
  @Test
  void takesNoChunkWithoutAnythingForASignOfLife() {
    StreamedAnswer answer = answer(1);
    feed(answer, ROLE + HELLO);
    long signs = answer.signsOfLife();

    feed(answer, event(0, "{\"content\":\"\"}", "null"));
    assertThat(answer.signsOfLife()).isEqualTo(signs);

    feed(answer, HELLO);
    assertThat(answer.signsOfLife()).isGreaterThan(signs);
    answer.release();
  }

  @Test
  void lacksNoChoiceThatHasBegunThoughAnotherEndsBehindIt() {
    StreamedAnswer answer = answer(2);
    String second = event(1, "{\"content\":\"He\"}", "null");

    feed(answer, HELLO + STOP);
    assertThat(answer.lacksChoices()).isTrue();
    answer.release();

    answer = answer(2);
    feed(answer, HELLO + second + STOP);
    assertThat(answer.lacksChoices()).isFalse();
    answer.release();
  }

  /** Nothing of what comes behind a stop string across a seam is read, its end neither. */
  @Test
  void isWholeOnceItIsOverThoughAllCameInOneRead() {
    StreamedAnswer answer = answer(1, new Over(firstPart(1)));

    feed(answer, HELLO + HELLO + STOP + DONE);
    answer.complete();

    assertThat(meaning.relayed.toString()).isEqualTo(HELLO + DONE);
    assertThat(meaning.ends).containsExactly("finished");
  }

  /** A passage that is over with its first chunk. */
  private record Over(Passage first) implements Passage {
    @Override
    public Repaired pass(SseEvent event) {
      first.pass(event);
      return new Repaired.AsItIs();
    }

    @Override
    public boolean isOver() {
      return true;
    }

    @Override
    public @Nullable String failure() {
      return null;
    }

    @Override
    public Shown shown() {
      return first.shown();
    }
  }

  private StreamedAnswer answer(int choices) {
    return answer(choices, firstPart(choices));
  }

  private static FirstPart firstPart(int choices) {
    return FirstPart.of(request(choices), "req-1", new ContinuationMemory(0).share(TENANT));
  }

  private StreamedAnswer answer(int choices, Passage passage) {
    return new StreamedAnswer(
        request(choices),
        passage,
        new Scratch(),
        new Via(
            meaning,
            ByteBufAllocator.DEFAULT,
            MAX_EVENT,
            new AnswerMemory(0).share(TENANT),
            new LongBodies.OfLoop(Runnable::run, ImmediateEventExecutor.INSTANCE),
            RecordedMeaning.ERRORS));
  }

  private static void feed(StreamedAnswer answer, String bytes) {
    answer.content(RecordedMeaning.read(bytes.getBytes(UTF_8)));
  }

  private static ScannedRequest request(int choices) {
    String body =
        "{\"model\":\"m\",\"stream\":true,\"n\":"
            + choices
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    ByteSlice bytes = ByteSlice.of(body.getBytes(UTF_8));
    return switch (RequestScan.of(Operation.CHAT_COMPLETIONS, null, bytes)) {
      case RequestScan.Accepted(var request) -> request;
      case RequestScan.Refused(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }

  private static String event(int choice, String delta, String finishReason) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
        + "\"choices\":[{\"index\":"
        + choice
        + ",\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + finishReason
        + "}]}\n\n";
  }
}
