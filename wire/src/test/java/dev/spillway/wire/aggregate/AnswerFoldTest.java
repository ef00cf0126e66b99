package dev.spillway.wire.aggregate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.RequestScan;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonTree;
import dev.spillway.wire.sse.SseScanner;
import dev.spillway.wire.sse.StreamRepair.Repaired;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class AnswerFoldTest {
  private static final TenantId TENANT = new TenantId("team-a");
  private static final AnswerMemory PLENTY = new AnswerMemory(1 << 30);
  private static final Usage ESTIMATE = new Usage(5, 0, 6, Usage.Source.ESTIMATED);
  private static final String HEAD =
      "\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"gpt\",";
  private static final String WHOLE_HEAD =
      "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":7,\"model\":\"gpt\",";
  private static final String NO_USAGE =
      ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6,\"total_tokens\":11},"
          + "\"spillway\":{\"usage\":\"estimated\"}";

  private int finished;

  @Test
  void joinsTextAndWritesEveryFieldThatTheApiRequires() {
    String whole =
        chat(
            1,
            choice(0, "\"role\":\"assistant\",\"content\":\"\"", null),
            choice(0, "\"content\":\"\\ud83d\"", null),
            choice(0, "\"content\":\"\\ude00 \\\"é\"", null),
            choice(0, "", "stop"),
            HEAD
                + "\"system_fingerprint\":\"fp\",\"service_tier\":\"default\",\"choices\":[],"
                + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3,"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":0}}");

    assertSame(
        whole,
        WHOLE_HEAD
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"😀"
            + " \\\"é\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3,"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":0}},"
            + "\"system_fingerprint\":\"fp\",\"service_tier\":\"default\"}");
    assertThat(finished).isEqualTo(1);
  }

  @Test
  void mergesCallsByTheirIndexWhateverTheirOrder() {
    String whole =
        chat(
            1,
            choice(0, "\"role\":\"assistant\",\"content\":null", null),
            choice(0, call(1, "\"id\":\"b\",\"type\":\"function\",", "g", "{"), null),
            choice(0, call(0, "\"id\":\"a\",\"type\":\"function\",", "f", "{\\\"x"), null),
            choice(
                0,
                "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\":1}\"}},"
                    + "{\"index\":1,\"function\":{\"arguments\":\"}\"}}]",
                null),
            choice(0, "", "tool_calls"));

    assertSame(
        whole,
        WHOLE_HEAD
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,"
            + "\"refusal\":null,\"tool_calls\":["
            + "{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\","
            + "\"arguments\":\"{\\\"x\\\":1}\"}},"
            + "{\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"g\","
            + "\"arguments\":\"{}\"}}]},"
            + "\"logprobs\":null,\"finish_reason\":\"tool_calls\"}]"
            + NO_USAGE
            + "}");
  }

  @Test
  void tellsCallsWithoutAnIndexApartByTheirIds() {
    String whole =
        chat(
            1,
            choice(0, "\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\"}}]", null),
            choice(0, "\"tool_calls\":[{\"function\":{\"arguments\":\"1\"}}]", null),
            choice(
                0, "\"tool_calls\":[{\"id\":\"b\",\"function\":{\"name\":\"g\"}}]", "tool_calls"));

    assertThat(at(whole, "choices", 0, "message", "tool_calls", 0, "function", "arguments"))
        .isEqualTo("1");
    assertThat(at(whole, "choices", 0, "message", "tool_calls", 1, "id")).isEqualTo("b");
    assertThat(at(whole, "choices", 0, "message", "tool_calls", 1, "type")).isEqualTo("function");
  }

  @Test
  void keepsChoicesApartWithReasoningRefusalsAndLogprobs() {
    String whole =
        chat(
            2,
            choice(1, "\"reasoning_content\":\"Hm\"", null),
            HEAD
                + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"A\"},\"logprobs\":"
                + "{\"content\":[{\"token\":\"A\"}],\"refusal\":null},\"finish_reason\":null}]",
            HEAD
                + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"B\"},\"logprobs\":"
                + "{\"content\":[{\"token\":\"B\"}],\"refusal\":null},\"finish_reason\":\"length\"}]",
            choice(1, "\"reasoning_content\":\"m\",\"refusal\":\"No\"", "stop"));

    assertSame(
        whole,
        WHOLE_HEAD
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"AB\","
            + "\"refusal\":null},\"logprobs\":{\"content\":[{\"token\":\"A\"},{\"token\":\"B\"}],"
            + "\"refusal\":null},\"finish_reason\":\"length\"},"
            + "{\"index\":1,\"message\":{\"role\":\"assistant\",\"content\":null,\"refusal\":\"No\","
            + "\"reasoning_content\":\"Hmm\"},\"logprobs\":null,\"finish_reason\":\"stop\"}]"
            + NO_USAGE
            + "}");
    assertThat(finished).isEqualTo(2);
  }

  @Test
  void keepsWhatAzureSaysOfItsFilters() {
    String whole =
        chat(
            1,
            "\"id\":\"\",\"created\":0,\"model\":\"\",\"choices\":[],"
                + "\"prompt_filter_results\":[{\"prompt_index\":0}]",
            choice(0, "\"role\":\"assistant\",\"content\":\"A\"", "stop"),
            HEAD
                + "\"choices\":[{\"index\":0,\"content_filter_results\":{\"hate\":{\"filtered\":false}},"
                + "\"content_filter_offsets\":{\"check_offset\":1}}]");

    assertThat(at(whole, "id")).isEqualTo("c1");
    assertThat(at(whole, "model")).isEqualTo("gpt");
    assertThat(at(whole, "prompt_filter_results", 0, "prompt_index")).isEqualTo(0L);
    assertThat(at(whole, "choices", 0, "content_filter_results", "hate", "filtered"))
        .isEqualTo(false);
  }

  @Test
  void joinsFunctionCallsAnnotationsAndSound() {
    String whole =
        chat(
            1,
            choice(0, "\"function_call\":{\"name\":\"f\",\"arguments\":\"{\"}", null),
            choice(0, "\"function_call\":{\"arguments\":\"}\"},\"annotations\":null", null),
            choice(0, "\"annotations\":[1],\"audio\":{\"id\":\"s\",\"data\":\"AA\"}", null),
            choice(0, "\"annotations\":[2],\"audio\":{\"data\":\"BB\",\"expires_at\":9}", "stop"));

    assertSame(
        whole,
        WHOLE_HEAD
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,"
            + "\"refusal\":null,\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"},"
            + "\"audio\":{\"id\":\"s\",\"expires_at\":9,\"data\":\"AABB\",\"transcript\":\"\"},"
            + "\"annotations\":[1,2]},\"logprobs\":null,\"finish_reason\":\"stop\"}]"
            + NO_USAGE
            + "}");
  }

  @Test
  void joinsListsOfAChoiceThatItDoesNotKnow() {
    String choice =
        "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"A\"},\"token_ids\":%s,"
            + "\"prompt_token_ids\":%s,\"stop_reason\":%s,\"finish_reason\":%s}]";

    String whole =
        chat(
            1,
            choice.formatted("null", "[7,8]", "null", "null"),
            choice.formatted("[1,2]", "null", "null", "null"),
            choice.formatted("[3]", "null", "\"x\"", "\"stop\""));

    assertThat(at(whole, "choices", 0, "token_ids")).isEqualTo(List.of(1L, 2L, 3L));
    assertThat(at(whole, "choices", 0, "prompt_token_ids")).isEqualTo(List.of(7L, 8L));
    assertThat(at(whole, "choices", 0, "stop_reason")).isEqualTo("x");
  }

  @RepeatedTest(200)
  void isWhatTheProviderWouldHaveSentAtOnce(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<RandomAnswer> answers = List.of(new RandomAnswer(random), new RandomAnswer(random));
    List<String> chunks = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      for (String delta : answers.get(i).deltas()) {
        chunks.add(choice(i, delta, null));
      }
      chunks.add(choice(i, "", "stop"));
    }

    String whole = chat(2, chunks.toArray(String[]::new));

    for (int i = 0; i < answers.size(); i++) {
      assertThat(at(whole, "choices", i, "message"))
          .as("seed " + seed)
          .isEqualTo(answers.get(i).message());
      assertThat(at(whole, "choices", i, "finish_reason")).as("seed " + seed).isEqualTo("stop");
    }
  }

  @Test
  void joinsCompletionsBeforeChat() {
    String choice =
        "\"choices\":[{\"index\":0,\"text\":\"%s\",\"logprobs\":%s,\"finish_reason\":%s}]";
    String whole =
        folded(
            request(Operation.COMPLETIONS, 1),
            "\"id\":\"c\",\"created\":1,\"model\":\"m\","
                + choice.formatted("A", "{\"tokens\":[\"A\"],\"text_offset\":[0]}", "null"),
            choice.formatted("B", "{\"tokens\":[\"B\"],\"text_offset\":[1]}", "\"stop\""));

    assertSame(
        whole,
        "{\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":["
            + "{\"index\":0,\"text\":\"AB\",\"logprobs\":{\"tokens\":[\"A\",\"B\"],"
            + "\"text_offset\":[0,1]},\"finish_reason\":\"stop\"}]"
            + NO_USAGE
            + "}");
  }

  @Test
  void fillsInWhatAProviderLeavesOutAndMindsNoForeignChoice() {
    String whole =
        chat(
            1,
            "\"choices\":[{\"delta\":{\"content\":\"A\"},\"finish_reason\":\"stop\"}]",
            "\"choices\":[{\"index\":99999,\"delta\":{\"content\":\"B\"}},7,{\"index\":-1}]");

    assertThat(at(whole, "id")).isEqualTo("ours");
    assertThat(at(whole, "model")).isEqualTo("asked");
    assertThat(at(whole, "choices", 0, "message", "content")).isEqualTo("A");
    assertThat(at(whole, "choices", 1)).isNull();
  }

  @Test
  void writesNoNameTwiceWhateverAProviderSends() {
    String whole =
        chat(
            1,
            "\"spillway\":1,\"object\":2,\"usage\":3,\"choices\":[{\"message\":{},\"text\":\"t\",\"delta\":"
                + "{\"role\":\"x\",\"x\":null,\"content\":7,\"tool_calls\":[7,{\"function\":8}]}},"
                + "{\"delta\":{\"x\":[1],\"audio\":5}},{\"delta\":{\"x\":\"s\"},\"logprobs\":{\"content\":4}}]");

    assertThat(whole)
        .isEqualTo(
            "{\"id\":\"ours\",\"object\":\"chat.completion\",\"created\":0,\"model\":\"asked\",\"choices\":["
                + "{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"refusal\":null,"
                + "\"tool_calls\":[{\"id\":\"call_0_0\",\"type\":\"function\",\"function\":"
                + "{\"name\":\"\",\"arguments\":\"\"}}],\"x\":[1]},"
                + "\"logprobs\":{\"content\":null},\"finish_reason\":null}]"
                + NO_USAGE
                + "}");
  }

  @Test
  void takesSeveralEventsOfOurOwn() {
    AnswerFold fold =
        new AnswerFold(
            request(Operation.CHAT_COMPLETIONS, 1), "ours", 1 << 20, PLENTY.share(TENANT));
    String events =
        "data: {"
            + choice(0, "\"content\":\"A\"", null)
            + "}\n\n"
            + "data: {"
            + choice(0, "\"content\":\"B\"", "stop")
            + "}\n\n";

    assertThat(fold.takeEvents(ByteSlice.of(events))).isEqualTo(Taken.YES);

    assertThat(at(fold.answer(ESTIMATE).toString(), "choices", 0, "message", "content"))
        .isEqualTo("AB");
  }

  @Test
  void takesNoMoreThanItMay() {
    AnswerFold fold =
        new AnswerFold(request(Operation.CHAT_COMPLETIONS, 1), "ours", 200, PLENTY.share(TENANT));
    ByteSlice event = ByteSlice.of("data: {" + choice(0, "\"content\":\"A\"", null) + "}\n\n");

    assertThat(fold.takeEvents(event)).isEqualTo(Taken.YES);
    assertThat(fold.takeEvents(event)).isEqualTo(Taken.TOO_LONG);
  }

  /** Else no answer of 70,000 tokens would be one. */
  @Test
  void measuresWhatItHoldsAndNotItsChunks() {
    AnswerFold fold =
        new AnswerFold(
            request(Operation.CHAT_COMPLETIONS, 1), "ours", 100_000, PLENTY.share(TENANT));
    ByteSlice small = ByteSlice.of("data: {" + choice(0, "\"content\":\"A\"", null) + "}\n\n");

    for (int i = 0; i < 10_000; i++) {
      assertThat(fold.takeEvents(small)).isEqualTo(Taken.YES);
    }
    assertThat(at(fold.answer(ESTIMATE).toString(), "choices", 0, "message", "content"))
        .isEqualTo("A".repeat(10_000));
  }

  /** Of many small chunks, what is held is a small part, and that is what is paid for. */
  @Test
  void paysForWhatItHoldsAndNotForItsChunks() {
    AnswerMemory memory = new AnswerMemory(100_000);
    AnswerFold fold =
        new AnswerFold(
            request(Operation.CHAT_COMPLETIONS, 1), "ours", 1 << 24, memory.share(TENANT));
    ByteSlice small = ByteSlice.of("data: {" + choice(0, "\"content\":\"A\"", null) + "}\n\n");
    for (int i = 0; i < 10_000; i++) {
      assertThat(fold.takeEvents(small)).isEqualTo(Taken.YES);
    }
    assertThat(memory.takenBytes()).isBetween(10_000L, 40_000L);

    String text = "\"content\":\"" + "A".repeat(70_000) + "\"";
    ByteSlice large = ByteSlice.of("data: {" + choice(0, text, null) + "}\n\n");
    assertThat(fold.takeEvents(large)).isEqualTo(Taken.NO_ROOM);
  }

  private String chat(int n, String... chunks) {
    return folded(request(Operation.CHAT_COMPLETIONS, n), chunks);
  }

  private String folded(ScannedRequest request, String... chunks) {
    AnswerFold fold = new AnswerFold(request, "ours", 1 << 20, PLENTY.share(TENANT));
    SseScanner scanner = new SseScanner(1 << 16);
    for (String chunk : chunks) {
      byte[] event = ("data: {" + chunk + "}\n\n").getBytes(UTF_8);
      scanner.feed(
          event,
          0,
          event.length,
          each -> assertThat(fold.take(each, new Repaired.AsItIs())).isEqualTo(Taken.YES));
    }
    finished = fold.finishedChoices();
    return fold.answer(ESTIMATE).toString();
  }

  private static ScannedRequest request(Operation operation, int n) {
    String input = operation == Operation.COMPLETIONS ? "\"prompt\":\"x\"" : "\"messages\":[{}]";
    String body = "{\"model\":\"asked\",\"n\":" + n + "," + input + "}";
    return ((RequestScan.Accepted) RequestScan.of(operation, null, ByteSlice.of(body))).request();
  }

  private static String choice(int index, String delta, @Nullable String reason) {
    String quoted = reason == null ? "null" : "\"" + reason + "\"";
    return HEAD
        + "\"choices\":[{\"index\":"
        + index
        + ",\"delta\":{"
        + delta
        + "},\"logprobs\":null,\"finish_reason\":"
        + quoted
        + "}]";
  }

  private static String call(int index, String head, String name, String arguments) {
    return "\"tool_calls\":[{\"index\":"
        + index
        + ","
        + head
        + "\"function\":{\"name\":\""
        + name
        + "\",\"arguments\":\""
        + arguments
        + "\"}}]";
  }

  private static void assertSame(String json, String expected) {
    assertThat(JsonTree.read(json)).as(json).isEqualTo(JsonTree.read(expected));
  }

  private static @Nullable Object at(String json, Object... path) {
    return JsonTree.at(JsonTree.read(json), path);
  }
}
