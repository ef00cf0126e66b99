package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.ChunkFacts.Shape;
import dev.spillway.wire.json.JsonTree;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ChunkFactsTest {
  private final ChunkFacts facts = new ChunkFacts();
  private byte[] bytes = new byte[0];

  @Test
  void readsAnOrdinaryChunk() {
    Shape shape =
        read(
            "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hé\"},\"finish_reason\":null}]}");

    assertThat(shape).isEqualTo(Shape.CHUNK);
    assertThat(facts.hasContent()).isTrue();
    assertThat(facts.contentBytes()).isEqualTo(3);
    assertThat(facts.finishedChoices()).isZero();
    assertThat(facts.hasUsage()).isFalse();
  }

  @Test
  void takesAFilterThatFailedForNoError() {
    Shape shape =
        read(
            "{\"id\":\"\",\"choices\":[{\"index\":0,\"finish_reason\":null,"
                + "\"content_filter_results\":{\"error\":{\"code\":500,\"message\":\"x\"}}}]}");

    assertThat(shape).isEqualTo(Shape.CHUNK);
    assertThat(facts.lacksDelta()).isTrue();
    assertThat(facts.hasId()).isFalse();
  }

  @Test
  void takesNoChunkWithMoreChoicesThanCanBeAskedFor() {
    String all = "{},".repeat(ChunkFacts.MOST_CHOICES - 1) + "{}";

    assertThat(read("{\"choices\":[" + all + "]}")).isEqualTo(Shape.CHUNK);
    assertThat(read("{\"choices\":[{}," + all + "]}")).isEqualTo(Shape.MALFORMED);
    assertThat(facts.hasChoices()).isFalse();
  }

  @Test
  void takesReasoningForASignOfLifeOnly() {
    read("{\"choices\":[{\"delta\":{\"reasoning_content\":\"Let me think\",\"content\":\"\"}}]}");

    assertThat(facts.hasReasoning()).isTrue();
    assertThat(facts.hasContent()).isFalse();
    assertThat(facts.contentBytes()).isEqualTo(12);
  }

  @Test
  void readsUsageWithCachedTokens() {
    read(
        "{\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":7,"
            + "\"total_tokens\":17,\"prompt_tokens_details\":{\"cached_tokens\":4}}}");

    assertThat(facts.usage()).isEqualTo(new Usage(10, 4, 7, Usage.Source.PROVIDER));
  }

  /** Some servers send it with every chunk but the last. */
  @Test
  void takesAnEmptyReasonForNone() {
    read("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":\"\"}]}");

    assertThat(facts.finishedChoices()).isZero();
  }

  @Test
  void tellsWhichChoicesAreFinished() {
    FinishedChoices finished = new FinishedChoices(2);
    String second = "{\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"stop\"}]}";

    for (int i = 0; i < 2; i++) {
      read(second);
      finished.add(facts);
      assertThat(finished.isAny()).isTrue();
      assertThat(finished.isAll()).as("one of two, told twice").isFalse();
    }
    read("{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}");
    finished.add(facts);
    assertThat(finished.isAll()).isTrue();
  }

  @Test
  void forgetsTheChunkBefore() {
    read("{\"id\":\"a\",\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}");

    assertThat(read("{\"choices\":[]")).isEqualTo(Shape.MALFORMED);

    assertThat(facts.hasContent() || facts.hasId() || facts.hasChoices()).isFalse();
    assertThat(facts.finishedChoices()).isZero();
  }

  /** Finds what a tree of the same chunk shows. */
  @RepeatedTest(200)
  void agreesWithATree(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    RandomChunk chunks = new RandomChunk(random);
    for (int i = 0; i < 200; i++) {
      String chunk = chunks.next();

      Shape shape = read(chunk);

      Object tree = JsonTree.read(chunk);
      assertThat(seen(shape)).as("seed %d, chunk %d: %s", seed, i, chunk).isEqualTo(expected(tree));
    }
  }

  private record Seen(
      Shape shape,
      boolean choices,
      boolean content,
      boolean reasoning,
      boolean role,
      boolean id,
      boolean lacksDelta,
      boolean nullError,
      int finished,
      int bytes,
      int texts,
      String text,
      @Nullable Usage usage) {}

  private Seen seen(Shape shape) {
    return new Seen(
        shape,
        facts.hasChoices(),
        facts.hasContent(),
        facts.hasReasoning(),
        facts.hasRole(),
        facts.hasId(),
        facts.lacksDelta(),
        facts.hasNullError(),
        facts.finishedChoices(),
        facts.contentBytes(),
        facts.texts(),
        facts.texts() == 1 ? text() : "",
        facts.hasUsage() ? facts.usage() : null);
  }

  private static Seen expected(@Nullable Object tree) {
    List<?> choices = JsonTree.at(tree, "choices") instanceof List<?> list ? list : List.of();
    List<?> deltas = choices.stream().filter(c -> JsonTree.at(c, "delta") instanceof Map).toList();
    List<String> texts =
        deltas.stream()
            .filter(c -> isText(c, "content"))
            .map(c -> String.valueOf(JsonTree.at(c, "delta", "content")))
            .toList();
    return new Seen(
        shape(tree),
        !choices.isEmpty(),
        deltas.stream().anyMatch(c -> isText(c, "content") || isText(c, "refusal") || hasCall(c)),
        deltas.stream().anyMatch(c -> isText(c, "reasoning_content")),
        deltas.stream().anyMatch(c -> JsonTree.at(c, "delta", "role") instanceof String),
        JsonTree.at(tree, "id") instanceof String id && !id.isEmpty(),
        deltas.size() < choices.size(),
        tree instanceof Map<?, ?> map && map.containsKey("error") && map.get("error") == null,
        (int)
            choices.stream().filter(c -> JsonTree.at(c, "finish_reason") instanceof String).count(),
        deltas.stream().mapToInt(ChunkFactsTest::bytes).sum(),
        texts.size(),
        texts.size() == 1 ? texts.getFirst() : "",
        JsonTree.at(tree, "usage") instanceof Map ? usage(tree) : null);
  }

  private static Shape shape(@Nullable Object tree) {
    if (JsonTree.at(tree, "error") != null) {
      return Shape.ERROR;
    }
    return JsonTree.at(tree, "choices") instanceof List ? Shape.CHUNK : Shape.OTHER;
  }

  private static boolean isText(Object choice, String name) {
    return JsonTree.at(choice, "delta", name) instanceof String text && !text.isEmpty();
  }

  private static boolean hasCall(Object choice) {
    return JsonTree.at(choice, "delta", "tool_calls") instanceof List<?> calls && !calls.isEmpty();
  }

  private static int bytes(Object choice) {
    int bytes = 0;
    for (String name : List.of("content", "refusal", "reasoning_content")) {
      bytes += length(JsonTree.at(choice, "delta", name));
    }
    return bytes + length(JsonTree.at(choice, "delta", "tool_calls", 0, "function", "arguments"));
  }

  private static int length(@Nullable Object text) {
    return text instanceof String string ? string.getBytes(UTF_8).length : 0;
  }

  private static Usage usage(@Nullable Object tree) {
    long input = count(JsonTree.at(tree, "usage", "prompt_tokens"));
    long cached = count(JsonTree.at(tree, "usage", "prompt_tokens_details", "cached_tokens"));
    long output = count(JsonTree.at(tree, "usage", "completion_tokens"));
    return new Usage(input, Math.min(cached, input), output, Usage.Source.PROVIDER);
  }

  private static long count(@Nullable Object number) {
    return number instanceof Long count ? Math.max(0, count) : 0;
  }

  private String text() {
    int from = facts.textFrom();
    String escaped = new String(bytes, from, facts.textTo() - from, UTF_8);
    return String.valueOf(JsonTree.read('"' + escaped + '"'));
  }

  private Shape read(String chunk) {
    bytes = ("data: " + chunk).getBytes(UTF_8);
    return facts.read(bytes, 6, bytes.length - 6);
  }
}
