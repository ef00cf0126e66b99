package dev.spillway.app.hub;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hub as a process of its own, and the file that it writes to.
 *
 * @param process it
 * @param said where its output goes, beside its configuration
 */
record HubProcess(Process process, Path said) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern DATA_PORT = Pattern.compile("clients +http://127.0.0.1:(\\d+)/v1");

  /** Starts one. */
  static HubProcess serve(Path config) throws IOException {
    Path said = config.resolveSibling("said");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    return new HubProcess(process, said);
  }

  /** What it said so far. */
  String words() throws IOException {
    return Files.readString(said);
  }

  /** What it said once these words are among it. */
  String awaitWords(String words) throws IOException, InterruptedException {
    while (true) {
      String said = words();
      if (said.contains(words)) {
        return said;
      }
      pause("it says: " + words);
    }
  }

  /** Where it takes requests, once it does. */
  int awaitDataPort() throws IOException, InterruptedException {
    Matcher listening = DATA_PORT.matcher(awaitWords("Ctrl-C stops it"));
    assertThat(listening.find()).isTrue();
    return Integer.parseInt(listening.group(1));
  }

  /** Waits while it runs. */
  void await(String what, BooleanSupplier holds) throws InterruptedException {
    while (!holds.getAsBoolean()) {
      pause(what);
    }
  }

  private void pause(String what) throws InterruptedException {
    assertThat(process.waitFor(50, MILLISECONDS)).as("%s; it ended", what).isFalse();
    assertThat(process.info().startInstant().orElseThrow().plus(PATIENCE))
        .as(what)
        .isAfter(Instant.now());
  }
}
