package dev.spillway.app.config;

import dev.spillway.app.yaml.Confidential;
import dev.spillway.app.yaml.Key;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a tenant's key is, or its hash: to know a key when it is shown, nobody needs it. Exactly
 * one of the four.
 */
@Confidential(
    advice =
        "where the key is: {env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT]}, or its"
            + " {sha256: HASH}; one that stood in a file should be replaced")
public record KeySource(
    @Key("name of an environment variable") @Nullable EnvName env,
    @Key("file that holds it, relative to the configuration; white space around it is dropped")
        @Nullable Path file,
    @Key("program that prints it, with its arguments; it has 10 s") List<String> command,
    @Key("its SHA-256, 64 hex digits, so that the hub need not know the key")
        @Nullable Sha256 sha256) {
  /** Checks that there is one. */
  public KeySource {
    command = List.copyOf(command);
    long given =
        Stream.of(env, file, command.isEmpty() ? null : command, sha256)
            .filter(Objects::nonNull)
            .count();
    if (given != 1) {
      throw new IllegalArgumentException(
          given + " sources (expected: one of env, file, command, sha256)");
    }
  }

  /** Where the key itself is; asked only where there is no hash of it. */
  public SecretSource secret() {
    return new SecretSource(env, file, command);
  }
}
