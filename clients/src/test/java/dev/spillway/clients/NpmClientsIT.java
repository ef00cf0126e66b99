package dev.spillway.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Clients from npm, in the script {@code npm/clients.test.mjs} and those that it imports.
 *
 * <p>They are installed below {@code target} as the lock file says, with a Node that they support.
 */
class NpmClientsIT {
  private static final Path SOURCE = Path.of("npm");
  private static final Path FOLDER = Path.of("target", "npm");
  private static final List<String> FILES =
      List.of(
          ".npmrc",
          "package.json",
          "package-lock.json",
          "clients.test.mjs",
          "hub.mjs",
          "openai.mjs",
          "ai.mjs",
          "langchain.mjs");
  private static final int MINUTES = 5;

  @Test
  void clientsFromNpmAreServed() throws Exception {
    boolean installed = isThere("npm") && isThere("node");
    if (!installed) {
      System.out.println("NpmClientsIT is skipped: node or npm is not on the PATH");
    }
    assumeTrue(installed, "node or npm is not on the PATH");
    install();

    try (RunningHub hub = RunningHub.start();
        HubControl control = HubControl.of(hub)) {
      Run run = npm(environment(hub, control), "test");

      assertThat(run.exitCode()).as(run.output()).isZero();
      assertThat(run.output()).contains("fail 0", "skipped 0").doesNotContain("pass 0");
    }
  }

  /** What a process said, and how it ended. */
  private record Run(int exitCode, String output) {}

  private static void install() throws IOException, InterruptedException {
    Files.createDirectories(FOLDER);
    for (String file : FILES) {
      Files.copy(SOURCE.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    Run run = npm(Map.of(), "ci", "--no-audit", "--no-fund", "--ignore-scripts");
    assertThat(run.exitCode()).as(run.output()).isZero();
  }

  private static Map<String, String> environment(RunningHub hub, HubControl control) {
    return Map.of(
        "HUB", hub.baseUrl(),
        "KEY", RunningHub.KEY,
        "HASTY_KEY", RunningHub.HASTY_KEY,
        "MODEL", RunningHub.MODEL,
        "LONE_MODEL", RunningHub.LONE_MODEL,
        "CONTROL", control.url());
  }

  private static Run npm(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("npm"));
    command.addAll(List.of(arguments));
    Path output = FOLDER.resolve(arguments[0] + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      return new Run(ended ? process.exitValue() : -1, Files.readString(output));
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .anyMatch(Files::isExecutable);
  }
}
