package dev.spillway.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.simulator.report.LoadReport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

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

      assertThat(demo.keptItsPromise(report)).as(said.toString()).isTrue();
      assertThat(demo.continued()).as("answers that went on elsewhere").isPositive();
      assertThat(report.share("oci-chicago")).as("served by the partner").isPositive();
    }
  }

  @Test
  void aPretrainingJobIsRefusedAtThePartnerByItsClause() throws Exception {
    try (Demo demo = demo()) {
      demo.pretraining();

      assertThat(said.toString()).contains("  403 ").contains("'pretraining-home'");
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
    }
  }

  private Demo demo() throws Exception {
    return new Demo(new PrintWriter(said, true), new DemoSites(null, null, 0, 0));
  }

  private static Scene scene(Duration length, Scene.Home home) {
    return new Scene("test", "", length, 4, home);
  }
}
