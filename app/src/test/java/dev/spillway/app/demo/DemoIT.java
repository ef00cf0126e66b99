package dev.spillway.app.demo;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.simulator.report.LoadReport;
import dev.spillway.simulator.report.Outcome;
import dev.spillway.simulator.report.ReportObjective;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The story, told in a few seconds: real sockets, a real outage. */
class DemoIT {
  private final StringWriter said = new StringWriter();

  @Test
  void nobodyNoticesThatHomeDiesNotEvenInMidAnswer() throws Exception {
    try (Demo demo = demo()) {
      LoadReport report =
          demo.play(
              List.of(
                  scene(Duration.ofSeconds(5), Scene.Home.STAYS),
                  scene(Duration.ofSeconds(4), Scene.Home.DIES)));

      assertThat(demo.keptItsPromise(report)).as(said + report.table()).isTrue();
      assertThat(demo.continued()).as("answers that went on elsewhere").isPositive();
      assertThat(report.share("oci-chicago")).as("served by the partner").isPositive();
    }
  }

  @Test
  void aPretrainingJobIsRefusedAtThePartnerByItsClause() throws Exception {
    try (Demo demo = demo()) {
      demo.pretraining();

      assertThat(said.toString()).contains("  403 ").contains("'pretraining-home'");
      assertThat(demo.keptItsPromise(demo.play(List.of()))).isTrue();
    }
  }

  @Test
  void rivalsThatCouldMeetKeepTheHubFromStarting() throws Exception {
    try (Demo demo = demo()) {
      demo.rivals();

      assertThat(said.toString())
          .contains("kind: isolation, deployment: chat-home")
          .contains("xai asks for grok-2       200")
          .contains("xai asks for gpt-4o       404")
          .contains("chatgpt asks for grok-2   404");
      assertThat(demo.keptItsPromise(demo.play(List.of()))).isTrue();
    }
  }

  @Test
  void breaksItsPromiseWhereTheContractGivesAnotherAnswerThanItShould() throws Exception {
    try (Demo demo = demo()) {
      LoadReport nothing = demo.play(List.of());
      ProcessHandle agent = agent(said.toString());
      agent.destroyForcibly();
      agent.onExit().get(20, SECONDS);

      demo.rivals();

      assertThat(said.toString()).doesNotContain("xai asks for grok-2       200");
      assertThat(demo.keptItsPromise(nothing)).as(said.toString()).isFalse();
    }
  }

  @Test
  void keepsItsPromiseOnlyWhereEveryAnswerIsWhole() throws Exception {
    try (Demo demo = demo()) {
      assertThat(Outcome.Kind.values())
          .filteredOn(kind -> demo.keptItsPromise(report(Outcome.Kind.WHOLE, kind)))
          .containsExactly(Outcome.Kind.WHOLE);
    }
  }

  @Test
  void thePartnersAgentIsAProcessThatEndsWithTheStory() throws Exception {
    ProcessHandle agent;
    try (Demo demo = demo()) {
      agent = agent(said.toString());

      assertThat(agent.isAlive()).isTrue();
      assertThat(agent.info().commandLine().orElseThrow()).contains(" site --config ");
      demo.invite();
    }

    assertThat(agent.isAlive()).isFalse();
  }

  @Test
  void leavesNothingBehindWhenItIsToldToEnd(@TempDir Path temporary) throws Exception {
    Process demo = started(temporary);
    ProcessHandle agent = agent(linked(demo));

    demo.destroy();

    assertThat(demo.waitFor(20, SECONDS)).isTrue();
    assertThat(agent.isAlive()).as("agent " + agent.pid()).isFalse();
    assertThat(temporary.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void leavesNoAgentBehindWhenItIsKilled(@TempDir Path temporary) throws Exception {
    Process demo = started(temporary);
    ProcessHandle agent = agent(linked(demo));

    demo.destroyForcibly();

    agent.onExit().get(20, SECONDS);
  }

  /** The program itself, which has nothing to play and stays until it is told to end. */
  private static Process started(Path temporary) throws Exception {
    Path tmp = Files.createDirectory(temporary.resolve("tmp"));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Djava.io.tmpdir=" + tmp,
            "dev.spillway.app.Main",
            "demo",
            "--scenario",
            "pretraining");
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.redirectError(temporary.resolve("errors").toFile()).start();
  }

  private static String linked(Process demo) throws Exception {
    BufferedReader says = demo.inputReader();
    StringBuilder all = new StringBuilder();
    for (String line = says.readLine(); line != null; line = says.readLine()) {
      all.append(line).append('\n');
      if (line.contains("until Ctrl-C")) {
        return all.toString();
      }
    }
    throw new AssertionError("it ended: " + all);
  }

  private static ProcessHandle agent(String said) {
    Matcher pid = Pattern.compile("a process of its own \\((\\d+)\\)").matcher(said);
    assertThat(pid.find()).as(said).isTrue();
    return ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow();
  }

  private Demo demo() throws Exception {
    return new Demo(new PrintWriter(said, true), new DemoSites(null, null, 0, 0));
  }

  private static LoadReport report(Outcome.Kind... ends) {
    Duration second = Duration.ofSeconds(1);
    return new LoadReport(
        Stream.of(ends).map(each -> new Outcome(each, null, "", -1, 0, 1, 1)).toList(),
        new ReportObjective(second, second),
        second);
  }

  private static Scene scene(Duration length, Scene.Home home) {
    return new Scene("test", "", length, 4, home);
  }
}
