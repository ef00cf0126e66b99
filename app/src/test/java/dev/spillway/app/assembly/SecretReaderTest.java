package dev.spillway.app.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spillway.app.config.SecretSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReaderTest {
  private static final Duration SHORT = Duration.ofSeconds(2);

  @TempDir private Path folder;

  @Test
  void takesWhatACommandPrints() throws Exception {
    assertThat(reader().read(command("echo", "sk-1"))).isEqualTo(new Secret("sk-1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-such-vault read --token sk-123",
        "no-such-vault\tsk-123",
        "no-such-vault=sk-123 vault read"
      })
  void showsNothingButTheProgramOfACommandThatIsOneText(String text) {
    assertThat(refused(reader(), command(text)))
        .isEqualTo(
            "command no-such-vault cannot be started (expected: a program, and each argument for"
                + " itself: [PROGRAM, ARGUMENT])");
  }

  /**
   * Some helpers start an agent that stays, and inherits where they print. The JVM ends our reading
   * itself where a command is over before we have begun.
   */
  @Test
  void waitsNoLongerForWhatACommandLeftBehind() {
    SecretReader reader = new SecretReader(folder, Map.of(), SHORT);
    long before = System.nanoTime();

    String why = refused(reader, command("sh", "-c", "sleep 8 & echo sk-1; sleep 0.4"));

    assertThat(why).startsWith("command sh ended, and what it left running holds its output open");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(6));
  }

  @Test
  void waitsNoLongerForACommandThatDoesNotEnd() {
    SecretReader reader = new SecretReader(folder, Map.of(), SHORT);

    assertThat(refused(reader, command("sleep", "8")))
        .isEqualTo("command sleep did not end (expected: within 2 s)");
  }

  @Test
  void seesAFileComeThatWasNotThere() throws Exception {
    SecretReader reader = reader();
    SecretSource source = new SecretSource(null, Path.of("key"), List.of());
    assertThat(refused(reader, source)).contains("NoSuchFileException");
    assertThat(reader.hasAnyChanged()).isFalse();

    Files.writeString(folder.resolve("key"), "sk-1");

    assertThat(reader.hasAnyChanged()).isTrue();
    assertThat(reader.hasAnyChanged()).as("told once").isFalse();
    assertThat(reader.read(source)).isEqualTo(new Secret("sk-1"));
  }

  private SecretReader reader() {
    return new SecretReader(folder, Map.of());
  }

  private static SecretSource command(String... words) {
    return new SecretSource(null, null, List.of(words));
  }

  private static String refused(SecretReader reader, SecretSource source) {
    UnreadableSecretException refused =
        catchThrowableOfType(UnreadableSecretException.class, () -> reader.read(source));
    assertThat(refused).as("a secret was read").isNotNull();
    return refused.getMessage();
  }
}
