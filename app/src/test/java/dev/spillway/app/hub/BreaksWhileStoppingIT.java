package dev.spillway.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.HubRequest;
import dev.spillway.testkit.faulty.ChatAnswer;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.json.JsonTree;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that is told to stop during an answer, whose engine breaks off afterwards. */
class BreaksWhileStoppingIT {
  private static final String DATA = "data: ";
  private static final String ASK =
      "{\"model\":\"m\",\"stream\":true,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Say 9 words\"}]}";

  private final CountDownLatch mayBreak = new CountDownLatch(1);

  @TempDir private Path folder;

  @Test
  void goesOnWithTheAnswerElsewhereAndStops() throws Exception {
    try (FaultyProvider home = FaultyProvider.start("home");
        FaultyProvider partner = FaultyProvider.start("partner");
        HttpClient client = HttpClient.newHttpClient()) {
      home.will(
          new Fault(
              "breaks off when told",
              turn -> {
                turn.sendStreamHead();
                turn.sendEvents(0, 4);
                mayBreak.await();
                turn.close();
              }));
      Path config = folder.resolve("spillway.yaml");
      Files.writeString(
          config,
          SpillingHub.config(
              "attempts: {hedges: 0%}\nlimits: {drain-within: 1m}", home.port(), partner.port()));
      HubProcess hub = HubProcess.serve(config);
      try {
        var answer =
            client.send(
                HubRequest.to(hub.awaitDataPort(), "POST", HubRequest.CHAT, ASK),
                BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
          String first = lines.readLine();

          hub.process().destroy(); // SIGTERM
          hub.awaitWords("stopping: ");
          mayBreak.countDown();

          assertWhole(Stream.concat(Stream.of(first), lines.lines()).toList());
        }
        assertThat(partner.turns()).hasSize(1);
        assertThat(hub.process().waitFor(30, SECONDS)).isTrue();
        assertThat(hub.process().exitValue()).isZero();
      } finally {
        hub.process().destroyForcibly();
      }
    }
  }

  private static void assertWhole(List<String> lines) {
    assertThat(lines).doesNotContain("event: error").contains(DATA + "[DONE]");
    String text =
        lines.stream()
            .filter(each -> each.startsWith(DATA + "{"))
            .map(each -> JsonTree.read(each.substring(DATA.length())))
            .map(each -> each.at("choices", 0, "delta", "content").text())
            .collect(joining());
    assertThat(text).isEqualTo(ChatAnswer.to(ASK).text());
  }
}
