package dev.spillway.app.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spillway.app.config.SecretSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReaderTest {
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
