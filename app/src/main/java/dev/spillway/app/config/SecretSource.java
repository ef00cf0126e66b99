package dev.spillway.app.config;

import dev.spillway.app.yaml.Confidential;
import dev.spillway.app.yaml.Key;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a secret is; never the secret itself. Exactly one of the three. */
@Confidential(
    advice =
        "where the secret is: {env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT]}; one that"
            + " stood in a file should be replaced")
public record SecretSource(
    @Key("name of an environment variable") @Nullable EnvName env,
    @Key("file that holds it, relative to the configuration; white space around it is dropped")
        @Nullable Path file,
    @Key("program that prints it, with its arguments; it has 10 s") List<String> command) {
  /** Checks that there is one. */
  public SecretSource {
    command = List.copyOf(command);
    long given =
        Stream.of(env, file, command.isEmpty() ? null : command).filter(Objects::nonNull).count();
    if (given != 1) {
      throw new IllegalArgumentException(given + " sources (expected: one of env, file, command)");
    }
  }
}
