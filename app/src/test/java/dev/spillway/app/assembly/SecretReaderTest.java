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

class SecretReaderTest {
  @TempDir private Path folder;

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

  private static String refused(SecretReader reader, SecretSource source) {
    UnreadableSecretException refused =
        catchThrowableOfType(UnreadableSecretException.class, () -> reader.read(source));
    assertThat(refused).as("a secret was read").isNotNull();
    return refused.getMessage();
  }
}
