package dev.spillway.app.yaml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a file holds, it is read or refused by name, soon, and nothing in it runs. */
class HostileYamlTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''              | f.yaml:1: empty",
        "'# words only'  | f.yaml:1: empty",
        "'a: *b'         | f.yaml:1: an alias",
        "'a: &b 1'       | f.yaml:1: an anchor",
        "'a: &b [1]'     | f.yaml:1: an anchor",
        "'a: !!java.net.URL [http://x]' | f.yaml:1: a tag",
        "'a: !!str 1'    | f.yaml:1: a tag",
        "'--- 1\n--- 2'  | f.yaml:2: a second document",
        "'%TAG ! x:\n--- 1' | f.yaml:1: a second document or a directive",
        "'a: [1'         | f.yaml:1: not YAML",
        "'a: 1\n\tb: 2'  | f.yaml:2: not YAML",
        "'a: ''b'        | f.yaml:1: not YAML",
      })
  void isRefusedByName(String text, String expected) {
    assertThat(refusal(text.getBytes(UTF_8))).startsWith(expected);
  }

  @Test
  void refusesWhatIsNoText() {
    assertThat(refusal("a: 1\nb: é".getBytes(ISO_8859_1))).startsWith("f.yaml:2: not a text");
    assertThat(refusal(new byte[] {'a', 0, 'b'})).startsWith("f.yaml:1: not YAML");
  }

  @Test
  void refusesWhatIsTooLong() {
    assertThat(refusal(new byte[(1 << 20) + 1])).startsWith("f.yaml:1: 1048577 bytes");
  }

  @Test
  void refusesWhatIsNestedTooDeeplyBeforeBuildingIt() {
    assertThat(refusal("[".repeat(1_000_000).getBytes(UTF_8))).contains("nested too deeply");
    assertThat(refusal("{a: ".repeat(200_000).getBytes(UTF_8))).contains("nested too deeply");
  }

  @Test
  void doesNotQuoteTheLineThatIsWrong() {
    assertThat(refusal("key: 'sk-123".getBytes(UTF_8))).doesNotContain("sk-123");
    assertThat(refusal("key: [sk-123".getBytes(UTF_8))).doesNotContain("sk-123");
  }

  /** Bytes thrown at it: it answers, with a record or with a refusal. */
  @RepeatedTest(300)
  void answersWhateverTheBytesAre(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    byte[] alphabet = "ab:- \n\t[]{}&*!|>'\"%#,?0\u0085é".getBytes(UTF_8);
    byte[] bytes = new byte[random.nextInt(200)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = alphabet[random.nextInt(alphabet.length)];
    }

    Throwable thrown = catchThrowable(() -> bind(bytes));

    if (thrown != null) {
      assertThat(thrown).as("seed %d", seed).isInstanceOf(InvalidFileException.class);
    }
  }

  record Anything(@Key("names") Map<String, String> a) {}

  private static void bind(byte[] bytes) throws InvalidFileException {
    new Binder(new Scalars(List.of())).bind(YamlFile.of("f.yaml", bytes), Anything.class);
  }

  private static String refusal(byte[] bytes) {
    Throwable thrown =
        Assertions.assertTimeoutPreemptively(SOON, () -> catchThrowable(() -> bind(bytes)));
    assertThat(thrown).isInstanceOf(InvalidFileException.class);
    return String.valueOf(thrown.getMessage());
  }
}
