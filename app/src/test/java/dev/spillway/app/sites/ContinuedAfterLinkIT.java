package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.routing.Presence;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Silences;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An answer that comes over a link is whole, whatever becomes of the link. */
class ContinuedAfterLinkIT {
  private static final String MESSAGE = "say 40 words";
  private static final int SEEN = 12;
  private static final Pattern CONTENT = Pattern.compile("\"content\":\"((?:[^\"\\\\]|\\\\.)*)\"");

  @TempDir Path folder;
  private FaultyProvider far;
  private FaultyProvider other;
  private LinkedHub linked;

  @BeforeEach
  void start() throws Exception {
    far = FaultyProvider.start("far");
    other = FaultyProvider.start("other");
    linked = new LinkedHub(folder, config());
    linked.join(
        """
        site: oci-chicago
        hubs: ["127.0.0.1:${port}"]
        status: 127.0.0.1:0
        deployments:
          chat-oci: {engines: [{url: "http://127.0.0.1:%d", kind: any}], calibrate: false}
        """
            .formatted(far.port()));
    until("the site serves", this::isServed);
  }

  @AfterEach
  void stop() {
    linked.close();
    far.close();
    other.close();
  }

  @Test
  void goesOnElsewhereWordForWordWhenItsAgentDies() throws Exception {
    far.will(Fault.NONE, Silences.stallsAfter(SEEN));
    List<String> undisturbed = lines(linked.stream("gpt-4o", MESSAGE), Integer.MAX_VALUE);

    HttpResponse<InputStream> answer = linked.stream("gpt-4o", MESSAGE);
    assertThat(answer.headers().firstValue("x-spillway-site")).hasValue("oci-chicago");
    List<String> continued = lines(answer, SEEN);

    assertThat(text(continued)).isEqualTo(text(undisturbed));
    assertThat(continued).endsWith("data: [DONE]").noneMatch(line -> line.startsWith("event:"));
    assertThat(other.turns()).hasSize(1);
  }

  private boolean isServed() {
    return linked.hub().deployments().stream()
        .allMatch(each -> each.status().presence() == Presence.PRESENT);
  }

  /** All events; the agent dies after so many of them. */
  private List<String> lines(HttpResponse<InputStream> answer, int fatal) throws IOException {
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isEmpty()) {
          lines.add(line);
          if (lines.size() == fatal) {
            linked.stopAgent();
          }
        }
      }
    }
    return lines;
  }

  private static String text(List<String> lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      Matcher content = CONTENT.matcher(line);
      text.append(content.find() ? content.group(1) : "");
    }
    assertThat(text).isNotEmpty();
    return text.toString();
  }

  private String config() {
    return """
    platform: azure-ai
    listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0", links: "127.0.0.1:0"}
    attempts: {hedges: 0%%}
    sites:
      oci-chicago: {provider: oracle, role: partner, geography: us, extends: azure-ai}
      elsewhere: {provider: other, role: partner, geography: us, extends: azure-ai}
    deployments:
      chat-oci:
        {site: oci-chicago, model: gpt-4o, dialect: vllm, link: site-agent,
         capacity: {kind: self-hosted, replicas: 1}, price: {output: 1.00 USD/1M}}
      chat-other:
        {site: elsewhere, model: gpt-4o, dialect: vllm, url: "http://127.0.0.1:%d",
         capacity: {kind: self-hosted, replicas: 1}, price: {output: 90.00 USD/1M}}
    tenants:
      team-a: {keys: [{sha256: %s}]}
    """
        .formatted(other.port(), KeyDirectory.sha256("sk-test"));
  }
}
