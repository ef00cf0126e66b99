package dev.spillway.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.assembly.Configs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be meant is told in a line that names the option, not with a stack trace. */
class OddOptionsTest {
  private static final String STORY =
      Configs.examples().resolve("home-and-partner.yaml").toString();
  private static final String TRACE =
      """
      TIMESTAMP,ContextTokens,GeneratedTokens
      2023-11-16 18:15:46.6805900,374,44
      """;

  @TempDir private Path folder;
  private Path trace;

  @BeforeEach
  void writeTrace() throws IOException {
    trace = Files.writeString(folder.resolve("trace.csv"), TRACE);
  }

  @ParameterizedTest
  @CsvSource({
    "--provisioned-engines, 0",
    "--provisioned-engines, -2",
    "--perturb, -1",
    "--perturb, 1",
    "--perturb, NaN",
    "--limit, 0",
    "--limit, -3",
    "--model, 'gpt 4o'",
    "--model, gpt-5",
    "--duration, 0s",
    "--speed, 0"
  })
  void simulatesNothingThatCannotBe(String option, String value) {
    var ran = simulate(trace, option, value);

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).startsWith(option + ": ").contains("(expected: ").hasLineCount(1);
  }

  @Test
  void namesTheFileThatTheSystemCannotRead() {
    var ran = simulate(folder, "--limit", "1");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).startsWith(folder + ": ").hasLineCount(1);
  }

  @Test
  void explainsNoInputOfLessThanNothing() {
    var ran = explain("--input-tokens", "-5");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).startsWith("--input-tokens: -5 (expected: ").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({"--model, 'gpt 4o'", "--model, ''", "--residency, e!u", "--residency, ''"})
  void explainsNothingThatCannotBeAskedFor(String option, String value) {
    var ran = explain(option, value);

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).startsWith(option + ": '").contains("(expected: ").hasLineCount(1);
  }

  @Test
  void takesGeographiesAsTheHeaderHasThem() {
    var ran = explain("--residency", "us, eu");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).isEqualTo(explain("--residency", "us,eu").out());
  }

  @ParameterizedTest
  @CsvSource({"--port, 70000", "--port, -1"})
  void startsNoEngineWhereNobodyCanListen(String option, String value) {
    var ran = Commands.run("engine", option, value);

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).startsWith(option + ": " + value + " (expected: ").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "ftp://127.0.0.1/v1", "http:/v1"})
  void beginsNoDemoWithWhatIsNoEngine(String url) {
    var ran = Commands.run("demo", "--home", url, "--exit");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).startsWith("--home: " + url + " (expected: ").hasLineCount(1);
  }

  @Test
  void simulatesTheOthersWhereOneIsLongerThanAnyEngineHolds() throws IOException {
    Files.writeString(trace, TRACE + "2023-11-16 18:15:46.7805900,3,4400000\n");

    var ran = simulate(trace);

    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).containsPattern("whole +1\n").contains("{CONTEXT_TOO_LONG=1}");
  }

  private static Commands.Ran explain(String option, String value) {
    return option.equals("--model")
        ? Commands.run("explain", "--config", STORY, "--tenant", "chatgpt", option, value)
        : Commands.run(
            "explain",
            "--config",
            STORY,
            "--tenant",
            "chatgpt",
            "--model",
            "gpt-4o",
            option,
            value);
  }

  private static Commands.Ran simulate(Path trace, String... options) {
    String[] all = new String[options.length + 5];
    all[0] = "simulate";
    all[1] = "--config";
    all[2] = STORY;
    all[3] = "--trace";
    all[4] = trace.toString();
    System.arraycopy(options, 0, all, 5, options.length);
    return Commands.run(all);
  }
}
