package dev.spillway.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KeyReferenceTest {
  private static final String HOW = "put what `./spillway schema --markdown` prints in its place";

  @Test
  void documentationSaysWhatTheCodeDoes() throws IOException {
    String documentation = Files.readString(Path.of("..", "docs", "configuration.md"));

    assertThat(documentation).as(HOW).contains(ConfigFile.reference());
    assertThat(documentation).as(HOW + " (with --site)").contains(ConfigFile.siteReference());
  }

  @Test
  void tellsFormBoundsAndDefaultOfAKey() {
    assertThat(ConfigFile.reference())
        .contains(
            "| `attempts.most` | attempts of one request, continuations aside | a whole number, at least 1, at most 16 | `4` |")
        .contains("| `sites.*.provider` | ")
        .contains("| `deployments.*.capacity.kind` | which of these it is | ");
  }
}
