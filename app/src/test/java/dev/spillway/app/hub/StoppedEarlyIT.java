package dev.spillway.app.hub;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that is told to stop while it still starts. */
class StoppedEarlyIT {
  private static final int NOBODY = 9;

  /** Of a program, which says that it runs and then waits for us. */
  private static final String KEYS =
      "{command: [sh, -c, \"touch STARTED; while [ ! -e GO ]; do sleep 0.1; done; echo key\"]}";

  @TempDir private Path folder;

  @Test
  void drainsAndEndsAsOneThatRuns() throws Exception {
    Path started = folder.resolve("started");
    Path config = folder.resolve("spillway.yaml");
    Files.writeString(
        config,
        HubYaml.of(NOBODY, KEYS)
            .replace("STARTED", started.toString())
            .replace("GO", folder.resolve("go").toString()));
    HubProcess hub = HubProcess.serve(config);
    try {
      hub.await("it starts", () -> Files.exists(started));

      hub.process().destroy(); // SIGTERM
      Files.createFile(folder.resolve("go"));

      assertThat(hub.process().waitFor(60, SECONDS)).isTrue();
      assertThat(hub.words()).contains("stopping: ", "stopped");
      assertThat(hub.process().exitValue()).isZero();
    } finally {
      hub.process().destroyForcibly();
    }
  }
}
