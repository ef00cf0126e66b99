package dev.spillway.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.assembly.Configs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
  private static final String STORY =
      Configs.examples().resolve("home-and-partner.yaml").toString();

  @TempDir private Path folder;

  @Test
  void showsWhoMayUseWhat() {
    var ran = Commands.run("check", "--config", STORY, "--without-secrets");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out())
        .contains("valid (sites: 2, deployments: 3, clauses: 5, tenants: 3)")
        .containsPattern("labs +pretraining +gpt-4o +chat-home\n")
        .containsPattern("chatgpt +online-inference +gpt-4o +chat-home, chat-oci\n");
  }

  @Test
  void answersProgramsInJson() {
    var ran = Commands.run("check", "--config", STORY, "--without-secrets", "--output", "json");

    assertThat(ran.out())
        .startsWith("{\"valid\":true,")
        .contains(
            "{\"tenant\":\"xai\",\"class\":\"online-inference\",\"model\":\"grok-2\","
                + "\"deployments\":[\"chat-oci-xai\"]}");
  }

  @Test
  void refusesAnInvalidFileWithEveryProblem() throws IOException {
    Path file = folder.resolve("spillway.yaml");
    Files.writeString(
        file,
        Configs.story().replace("units: 50", "units: fifty").replace("role: home", "role: x"));

    var ran = Commands.run("check", "--config", file.toString());

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains(file + ":5: sites.azure-eastus2.role: 'x' (expected: one of home, partner)\n")
        .contains("capacity.units: 'fifty' (expected: a whole number, >= 1)\n");
  }

  @Test
  void readsTheFileOfThisFolderIfNoneIsNamed() {
    var ran = Commands.run("check");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).isEqualTo("spillway.yaml: no such file (expected: --config names one)\n");
  }

  @Test
  void refusesAFileThatIsNotThere() {
    var ran = Commands.run("check", "--config", "nowhere.yaml");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("nowhere.yaml: no such file (expected: --config names one)");
  }

  @Test
  void saysHowItIsUsed() {
    assertThat(Commands.run("check", "--confgi", "a.yaml").exitCode()).isEqualTo(2);
    assertThat(Commands.run("check", "--help").out()).contains("Example:");
  }
}
