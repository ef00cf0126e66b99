package dev.spillway.app.hub;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.cli.CommandLines;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that does not wait for picocli refuses what it refuses with it, in the same words. */
class ServedAtOnceIT {
  @TempDir private Path folder;

  @Test
  void saysThatThereIsNoFile() throws Exception {
    refusesAsWithPicocli(folder.resolve("none.yaml"), "no such file");
  }

  @Test
  void saysWhatIsWrongInAFile() throws Exception {
    Path config = folder.resolve("spillway.yaml");
    Files.writeString(config, "plattform: bench\n");

    refusesAsWithPicocli(config, "plattform");
  }

  private static void refusesAsWithPicocli(Path config, String words) throws Exception {
    StringWriter said = new StringWriter();
    int code =
        CommandLines.spillway()
            .setErr(new PrintWriter(said, true))
            .execute("serve", "--config=" + config);
    assertThat(said.toString()).contains(words);

    HubProcess hub = HubProcess.serve(config);
    assertThat(hub.process().waitFor(60, SECONDS)).isTrue();
    assertThat(hub.process().exitValue()).isEqualTo(code).isEqualTo(1);
    assertThat(hub.words()).isEqualTo(said.toString());
  }
}
