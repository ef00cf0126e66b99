package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkPatternTest {
  private static final String CHUNK =
      "{\"id\":\"c-1\",\"created\":17,\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}";

  private final ChunkPatterns patterns = ChunkPatternTest.learnt(CHUNK);

  @ParameterizedTest
  @ValueSource(
      strings = {
        CHUNK,
        "{\"id\":\"another\",\"created\":17,\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}",
        "{\"id\":\"c-1\",\"created\":1800000000,\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}",
        "{\"id\":\"c-1\",\"created\":17,\"choices\":[{\"delta\":{\"content\":\"\\\"}}]} é\"}}]}",
        "{\"id\": \"c-1\",\"created\":17,\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}",
      })
  void isMatchedByWhatDiffersInItsSlots(String chunk) {
    assertThat(isMatched(chunk)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"id\":\"c-1\",\"created\":17,\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]",
        "{\"id\":\"c-1\",\"created\":17,\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}}",
        "{\"id\":\"c-1\",\"created\":17,\"choices\":[{\"delta\":{\"content\":\"\"}}]}",
        "{\"id\":\"\",\"created\":17,\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}",
        "{\"id\":\"c-1\",\"created\":null,\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}",
        "{\"id\":\"c-1\",\"created\":017,\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}",
        "{\"id\":\"c-1\",\"created\":17,\"choices\":[{\"delta\":{\"content\":\"H\\i\"}}]}",
        "{\"id\":\"c-1\",\"created\":17,\"choices\":[{\"delta\":{\"content\":\"Hi",
        "{\"id\":\"c-1\",\"created\":17,\"choices\":[{\"delta\":{\"content\":[]}}]}",
        "{\"id\":\"c-1\",\"created\":17,\"choices\":[{\"delta\":{\"content\":\"Hi\"}},{}]}",
        "{\"id\":\"c-1\",\"created\":17,\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"x\":1}]}",
      })
  void isNotMatchedByAnythingElse(String chunk) {
    assertThat(isMatched(chunk)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}",
        "{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"\"}}]}",
        "{\"id\":\"c\",\"choices\":[{\"delta\":{\"reasoning\":\"Hi\"}}]}",
        "{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Hi\",\"reasoning\":\"Hm\"}}]}",
        "{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Hi\",\"refusal\":\"No\"}}]}",
        "{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"delta\":{}}]}",
        "{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}},{\"delta\":{}}]}",
        "{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}",
        "{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}],\"usage\":{}}",
        "{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}],\"error\":{}}",
        "{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]",
      })
  void isMadeOfNoChunkThatIsMoreThanText(String chunk) {
    assertThat(find(learnt(chunk), chunk)).isNull();
  }

  @Test
  void passesOverAllThatProvidersChange() {
    String chunk =
        "{\"id\":\"c\",\"system_fingerprint\":\"fp_1\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}],"
            + "\"created\":1,\"obfuscation\":\"x1\"}";

    assertThat(find(learnt(chunk), chunk.replace('1', '2').replace("Hi", "Ho"))).isNotNull();
  }

  @Test
  void keepsAFewSortsAtOnce() {
    List<String> sorts = new ArrayList<>();
    ChunkFacts facts = new ChunkFacts();
    for (int i = 0; i < 4; i++) {
      sorts.add("{\"model\":\"m" + i + "\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}");
    }

    sorts.forEach(each -> read(facts, each));

    assertThat(sorts).allMatch(each -> find(facts.patterns(), each) != null);
  }

  /** A reader that has read much finds the same as one that has read nothing. */
  @RepeatedTest(100)
  void changesNothingOfWhatIsFound(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    RandomChunk chunks = new RandomChunk(random);
    ChunkFacts used = new ChunkFacts();
    List<String> seen = new ArrayList<>(List.of(CHUNK));
    int matched = 0;
    for (int i = 0; i < 400; i++) {
      seen.add(chunks.next());
      boolean common = random.nextInt(4) == 0;
      int back = random.nextInt(Math.min(6, seen.size()));
      String chunk = changed(common ? CHUNK : seen.get(seen.size() - 1 - back), random);
      matched += find(used.patterns(), chunk) == null ? 0 : 1;

      assertThat(found(used, chunk))
          .as("seed %d: %s", seed, chunk)
          .isEqualTo(found(new ChunkFacts(), chunk));
    }
    assertThat(matched).as("chunks that were compared").isPositive();
  }

  private static String changed(String chunk, RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0 -> chunk.replace("Hi", "another \\u00e9 text");
      case 1 -> chunk.replace("chatcmpl-1", "c" + random.nextInt(1_000));
      case 2 -> chunk.replace("Hi", "");
      case 3 -> {
        StringBuilder broken = new StringBuilder(chunk);
        broken.setCharAt(random.nextInt(chunk.length()), (char) (' ' + random.nextInt(96)));
        yield broken.toString();
      }
      case 4 -> chunk.substring(0, random.nextInt(chunk.length()));
      case 5 -> {
        int at = random.nextInt(chunk.length());
        yield chunk.substring(0, at) + chunk.charAt(at) + chunk.substring(at);
      }
      default -> chunk;
    };
  }

  private static List<Object> found(ChunkFacts facts, String chunk) {
    List<Object> found = new ArrayList<>();
    found.add(read(facts, chunk));
    found.add(facts.hasChoices());
    found.add(facts.hasContent());
    found.add(facts.hasReasoning());
    found.add(facts.finishedChoices());
    found.add(String.valueOf(facts.nonText()));
    found.add(facts.texts());
    found.add(facts.textFrom());
    found.add(facts.textTo());
    found.add(facts.contentBytes());
    found.add(facts.hasUsage());
    found.add(facts.usage());
    found.add(facts.hasRole());
    found.add(facts.hasId());
    found.add(facts.lacksDelta());
    found.add(facts.hasNullError());
    return found;
  }

  private boolean isMatched(String chunk) {
    return find(patterns, chunk) != null;
  }

  private static ChunkPatterns learnt(String chunk) {
    ChunkFacts facts = new ChunkFacts();
    read(facts, chunk);
    return facts.patterns();
  }

  private static ChunkFacts.Shape read(ChunkFacts facts, String chunk) {
    byte[] bytes = ("data: " + chunk).getBytes(UTF_8);
    return facts.read(bytes, 6, bytes.length - 6);
  }

  private static @Nullable ChunkPattern find(ChunkPatterns in, String chunk) {
    byte[] bytes = ("data: " + chunk).getBytes(UTF_8);
    return in.find(bytes, 6, bytes.length - 6);
  }
}
