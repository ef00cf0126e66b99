package dev.spillway.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that is told to stop while it still starts. */
class StoppedEarlyIT {
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(60);

  /** Its tenant's key comes from a program, which says that it runs and then waits for us. */
  private static final String CONFIG =
      """
      platform: my-platform
      listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0"}
      sites:
        here: {provider: me, role: home}
      deployments:
        chat:
          site: here
          model: m
          dialect: vllm
          url: http://127.0.0.1:9
          accelerator: h100
          capacity: {kind: self-hosted, replicas: 1}
      tenants:
        demo:
          keys:
            command: [sh, -c, "touch STARTED; while [ ! -e GO ]; do sleep 0.1; done; echo key"]
      """;

  @TempDir private Path folder;

  @Test
  void drainsAndEndsAsOneThatRuns() throws Exception {
    Path started = folder.resolve("started");
    Path config = folder.resolve("spillway.yaml");
    Files.writeString(
        config,
        CONFIG
            .replace("STARTED", started.toString())
            .replace("GO", folder.resolve("go").toString()));
    Process hub = serve(config);
    try {
      await(started, hub);

      hub.destroy(); // SIGTERM
      Files.createFile(folder.resolve("go"));

      assertThat(hub.waitFor(60, SECONDS)).isTrue();
      assertThat(folder.resolve("said")).content(UTF_8).contains("stopping: ", "stopped");
      assertThat(hub.exitValue()).isZero();
    } finally {
      hub.destroyForcibly();
    }
  }

  private static Process serve(Path config) throws IOException {
    return new ProcessBuilder(
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
        .redirectOutput(config.resolveSibling("said").toFile())
        .start();
  }

  private static void await(Path file, Process hub) throws InterruptedException {
    long until = System.nanoTime() + STARTED_WITHIN.toNanos();
    while (!Files.exists(file)) {
      assertThat(System.nanoTime()).as("the hub starts").isLessThan(until);
      assertThat(hub.waitFor(50, MILLISECONDS)).isFalse();
    }
  }
}
