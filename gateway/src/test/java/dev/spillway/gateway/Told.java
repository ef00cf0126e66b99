package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.ChatAnswer;
import dev.spillway.testkit.faulty.ChatRequest;
import dev.spillway.testkit.faulty.ChatRequest.StreamUsage;
import dev.spillway.testkit.faulty.Garbage;
import dev.spillway.testkit.faulty.Refusals;
import dev.spillway.testkit.json.JsonTree;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Judges what a client was told: the engine's whole answer, or a clear error. */
final class Told {
  private Told() {}

  /** All of it, byte for byte, and nothing else. */
  static void wholeAnswer(ReceivedMessage got, String asked) {
    assertThat(got.status()).as(got.head() + got.body()).isEqualTo(200);
    nothingUnfit(got);
    assertThat(got.whole()).as("framing is at its end").isTrue();
    ChatAnswer expected = ChatAnswer.to(asked);
    if (ChatRequest.read(asked).streams()) {
      wholeStream(got.body(), asked, expected);
    } else {
      JsonTree answer = wholeJson(got, asked);
      assertThat(answer.at("usage", "total_tokens").numberOr(-1)).isEqualTo(total(expected));
    }
  }

  /** The same, all at once, with a usage that is our own count, and marked as such. */
  static void wholeAnswerOfOurCount(ReceivedMessage got, String asked) {
    JsonTree usage = wholeJson(got, asked).at("usage");
    long prompt = usage.at("prompt_tokens").numberOr(-1);
    long completion = usage.at("completion_tokens").numberOr(-1);
    assertThat(prompt).isPositive();
    assertThat(completion).isPositive();
    assertThat(usage.at("total_tokens").numberOr(-1)).isEqualTo(prompt + completion);
    assertThat(got.body()).containsOnlyOnce("\"spillway\":{\"usage\":\"estimated\"}");
  }

  /** All of it, at once, which this returns, whatever it says of its usage. */
  static JsonTree wholeJson(ReceivedMessage got, String asked) {
    assertThat(got.status()).as(got.head() + got.body()).isEqualTo(200);
    nothingUnfit(got);
    JsonTree answer = JsonTree.read(got.body());
    assertThat(AnswerRead.of(answer)).as(got.body()).isEqualTo(AnswerRead.undisturbed(asked));
    JsonTree expected = JsonTree.read(ChatAnswer.to(asked).json());
    assertThat(answer.at("object")).isEqualTo(expected.at("object"));
    return answer;
  }

  /**
   * What the first so many events of an answer say, and then an error, whose message this returns.
   */
  static String brokenOff(ReceivedMessage got, String asked, int events) {
    return brokenOff(got, asked, events, events);
  }

  /** The same where the last of the events may be lost behind a reset. */
  static String brokenOff(ReceivedMessage got, String asked, int fewest, int most) {
    assertThat(got.status()).isEqualTo(200);
    nothingUnfit(got);
    assertThat(got.whole()).as("framing is at its end").isTrue();
    StreamRead stream = StreamRead.of(got.body());
    assertThat(AnswerRead.of(stream))
        .isIn(
            IntStream.rangeClosed(fewest, most)
                .mapToObj(each -> AnswerRead.ofFirst(each, asked))
                .toList());
    assertThat(stream.ids()).as("one id").hasSize(1);
    assertThat(stream.dones()).isZero();
    assertThat(stream.errors()).as(got.body()).hasSize(1);
    JsonTree error = stream.errors().getFirst().at("error");
    assertThat(error.at("code").text()).isEqualTo("stream_interrupted");
    return error.at("message").text();
  }

  /** The beginning of an answer, and then an error that says why there is no more of it. */
  static void cutAnswer(ReceivedMessage got, String asked, String because) {
    assertThat(got.status()).isEqualTo(200);
    nothingUnfit(got);
    assertThat(got.whole()).as("framing is at its end").isTrue();
    StreamRead stream = StreamRead.of(got.body());
    assertThat(stream.errors()).as(got.body()).hasSize(1);
    JsonTree error = stream.errors().getFirst().at("error");
    assertThat(error.at("code").text()).isEqualTo("stream_interrupted");
    assertThat(error.at("message").text()).contains(because);
    assertThat(stream.dones()).isZero();
    assertThat(stream.finishReasons()).isEmpty();
    assertThat(ChatAnswer.to(asked).text()).startsWith(stream.text());
  }

  /** No answer, but an error object with this status, and nothing of what a provider said. */
  static JsonTree refused(ReceivedMessage got, int... statuses) {
    assertThat(statuses).as(got.head() + got.body()).contains(got.status());
    nothingUnfit(got);
    JsonTree error = JsonTree.read(got.body()).at("error");
    assertThat(error.at("message").text()).isNotEmpty();
    return error;
  }

  /** The time to come back is told, which this returns, and is about this. */
  static Duration comeBackIn(ReceivedMessage got, Duration atLeast, Duration atMost) {
    String header = got.header("retry-after");
    assertThat(header).as(got.head()).matches("\\d+");
    Duration time = Duration.ofSeconds(Long.parseLong(header));
    assertThat(time).isBetween(atLeast, atMost);
    return time;
  }

  private static void wholeStream(String body, String asked, ChatAnswer expected) {
    StreamRead stream = StreamRead.of(body);
    assertThat(stream.errors()).as(body).isEmpty();
    assertThat(AnswerRead.of(stream)).as(body).isEqualTo(AnswerRead.undisturbed(asked));
    assertThat(stream.ids()).as("one id").hasSize(1);
    if (ChatRequest.read(asked).choices() == 1) {
      assertThat(stream.roles()).as("one role, at once").isEqualTo(rolesOf(asked));
      assertThat(stream.finishReasons()).containsExactly(expected.finishReason());
      assertThat(stream.finishes()).containsExactly(stream.chunksWithChoices() - 1);
    }
    assertThat(stream.dones()).as("one [DONE]").isEqualTo(1);
    assertThat(stream.endsWithDone()).isTrue();
    boolean usage = ChatRequest.read(asked).usage() != StreamUsage.NONE;
    assertThat(stream.usages()).hasSize(usage ? 1 : 0);
    for (JsonTree each : stream.usages()) {
      long prompt = each.at("prompt_tokens").numberOr(-1);
      long completion = each.at("completion_tokens").numberOr(-1);
      assertThat(prompt + completion).isEqualTo(each.at("total_tokens").numberOr(-1));
      assertThat(prompt).isEqualTo(expected.promptTokens());
      assertThat(completion).isEqualTo(expected.completionTokens());
    }
  }

  /** Completions have none. */
  private static List<Integer> rolesOf(String asked) {
    return ChatRequest.read(asked).isCompletion() ? List.of() : List.of(0);
  }

  private static void nothingUnfit(ReceivedMessage got) {
    assertThat(got.head() + got.body()).doesNotContain(Garbage.MARK, Refusals.SECRET);
  }

  private static long total(ChatAnswer answer) {
    return (long) answer.promptTokens() + answer.completionTokens();
  }
}
