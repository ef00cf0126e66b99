package dev.spillway.app.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spillway.app.config.ConfigFile;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.providers.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Configurations for tests: the examples, and changes of them. */
public final class Configs {
  /** After every {@code from} and before every {@code until} of the examples. */
  public static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

  private Configs() {}

  /** The folder that people are pointed to. */
  public static Path examples() {
    return Path.of("..", "examples");
  }

  /** An example's text. */
  public static String example(String name) throws IOException {
    return Files.readString(examples().resolve(name));
  }

  /** The story's text. */
  public static String story() throws IOException {
    return example("home-and-partner.yaml");
  }

  /** Assembles a text. */
  public static Assembly assemble(String text) throws InvalidFileException {
    return Assembler.assemble(
        "spillway.yaml",
        ConfigFile.read("spillway.yaml", text.getBytes(UTF_8)),
        Dialects.names(),
        NOW);
  }

  /** What is said of a text that is refused, a line for each problem. */
  public static List<String> problems(String text) {
    InvalidFileException refused =
        catchThrowableOfType(InvalidFileException.class, () -> assemble(text));
    assertThat(refused).as(text).isNotNull();
    return refused.getMessage().lines().toList();
  }
}
