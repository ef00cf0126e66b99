package dev.spillway.app.netns;

import static dev.spillway.app.netns.LinkedProcesses.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.Main;
import dev.spillway.app.sites.UnrulyHubProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that sends below its own policy, to an agent that judges for itself. */
class UnrulyHubIT {
  private static final int PORT = 8_444;
  private static final int STATUS = 9_192;

  @TempDir Path folder;

  @Test
  void isRefusedByClauseAndBothSidesCount() throws Exception {
    try (LinkedProcesses all = LinkedProcesses.start(folder, LinkedProcesses.Wan.PLAIN)) {
      Program hub =
          all.program(
              "hub",
              folder,
              UnrulyHubProgram.class,
              "unruly",
              LinkedProcesses.HUB,
              String.valueOf(PORT));
      String token = hub.awaitLine(UnrulyHubProgram.TOKEN).text();
      Files.writeString(all.siteFolder.resolve("judge.yaml"), config(all.siteHere));
      Program join = all.join("judge.yaml", token.substring(UnrulyHubProgram.TOKEN.length()));
      assertThat(join.awaitEnd()).as(join.text()).isZero();
      Program agent =
          all.program("site", all.siteFolder, Main.class, "site", "--config", "judge.yaml");

      hub.awaitLine(UnrulyHubProgram.DONE);

      became(hub, "nothing wrong", "served ");
      became(hub, "missing seal", "was refused there: unsealed");
      became(hub, "forged seal", "was refused there: forged");
      became(hub, "sealed for another site", "was refused there: forged");
      became(hub, "another request's", "was refused there: misplaced");
      became(hub, "two hours old", "was refused there: stale");
      became(hub, "forbidden class", "was refused there: clause pretraining-home");
      became(hub, "forbidden tenant", "was refused there: clause no-rival");
      became(hub, "unknown tenant", "was refused there: clause");
      became(hub, "another model", "was refused there: clause");
      became(hub, "forbidden since today", "was refused there: clause no-tuning-from-today");
      became(hub, "rolled-back bundle", "was not taken there");
      became(hub, "after it", "served");
      agent.awaitLine("policy bundle refused: version ");
      assertThat(hub.text())
          .contains("unsealed=1", "forged=2", "stale=1", "misplaced=1", "clause=5");
      until(
          "the agent counted the same",
          Duration.ofSeconds(5),
          () ->
              all.page("http://" + all.siteHere + ":" + STATUS + "/")
                  .contains(
"""
refused       10
  UNSEALED 1
  FORGED 2
  STALE 1
  MISPLACED 1
  CLAUSE 5
"""));
      assertThat(all.page("http://" + all.siteHere + ":" + STATUS + "/")).contains("not taken   1");
      Table.row(
          "requests below the hub's own policy",
          "10 refused by reason or clause, 1 bundle rolled back refused; both sides count all of them");
    }
  }

  private static void became(Program hub, String what, String how) {
    assertThat(hub.text().lines().filter(line -> line.startsWith(UnrulyHubProgram.CASE + what)))
        .singleElement()
        .asString()
        .contains(" | ")
        .contains(how);
  }

  private static String config(String here) {
    return """
    site: oci-chicago
    hubs: ["%s:%d"]
    state: judge-state
    status: %s:%d
    deployments:
      chat-oci: {engines: [{url: "http://%s:%d", kind: other}], calibrate: false}
    """
        .formatted(
            LinkedProcesses.HUB, PORT, here, STATUS, LinkedProcesses.FAR, EngineProgram.PORT);
  }
}
