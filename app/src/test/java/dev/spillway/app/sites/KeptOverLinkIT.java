package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.routing.Presence;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.wire.link.SiteRefusal;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Responses that one of a site's engines keeps: found again there, and nowhere else. */
class KeptOverLinkIT {
  private static final Pattern ID = Pattern.compile("\"id\": ?\"(resp_[^\"]+)\"");
  private static final int RESPONSES = 4;

  @TempDir Path folder;
  private RecordingEngine one;
  private RecordingEngine two;
  private LinkedHub linked;

  @BeforeEach
  void start() throws Exception {
    one = RecordingEngine.start();
    two = RecordingEngine.start();
    Files.writeString(folder.resolve("salt"), "a-salt-that-outlives-the-hub");
    linked = new LinkedHub(folder, config(""));
    linked.join(site(one, two));
    until("the site serves", this::isServed);
  }

  @AfterEach
  void stop() {
    linked.close();
    one.close();
    two.close();
  }

  @Test
  void findsEachWhereItIsKept() throws Exception {
    for (String id : made()) {
      HttpResponse<String> found = linked.call("GET", "/v1/responses/" + id, "");
      assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
      assertThat(id(found.body())).isEqualTo(id);

      assertThat(linked.call("POST", "/v1/responses/" + id + "/cancel", "").statusCode())
          .isEqualTo(200);
      assertThat(
              linked.call("GET", "/v1/responses/" + id + "/input_items?limit=2", "").statusCode())
          .isEqualTo(200);
      assertThat(linked.call("DELETE", "/v1/responses/" + id, "").statusCode()).isEqualTo(200);
      assertThat(linked.call("GET", "/v1/responses/" + id, "").statusCode()).isEqualTo(404);
    }
    assertThat(one.asked()).hasSameSizeAs(two.asked()).hasSizeGreaterThan(RESPONSES);
    assertThat(one.asked()).anyMatch(each -> each.path().endsWith("/input_items?limit=2"));
  }

  @Test
  void goesOnFromEachWhereItIsKept() throws Exception {
    for (String id : made()) {
      String before = id;
      for (int turn = 0; turn < 3; turn++) {
        HttpResponse<String> next = linked.call("POST", "/v1/responses", goesOnFrom(before));
        assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
        before = id(next.body());
      }
    }
  }

  @Test
  void findsThemAfterHubAndAgentWereRestarted() throws Exception {
    List<String> made = made();

    linked.close();
    linked = new LinkedHub(folder, config(""));
    linked.start(linked.read(site(two, one)));
    until("the site serves", this::isServed);

    for (String id : made) {
      assertThat(linked.call("GET", "/v1/responses/" + id, "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void saysThatThoseOfAnEngineAreGoneThatIsNoMoreServed() throws Exception {
    List<String> made = made();
    linked.stopAgent();
    linked.start(linked.read(site(one)));
    until("the site serves", this::isServed);
    int asked = one.asked().size();

    int gone = 0;
    for (String id : made) {
      HttpResponse<String> answer = linked.call("GET", "/v1/responses/" + id, "");
      if (answer.statusCode() == 404) {
        gone++;
        assertThat(answer.body()).contains("response_not_found");
        assertThat(linked.call("POST", "/v1/responses", goesOnFrom(id)).statusCode())
            .isEqualTo(404);
      }
    }

    assertThat(gone).isEqualTo(RESPONSES / 2);
    assertThat(one.asked()).hasSize(asked + RESPONSES / 2);
    assertThat(linked.agent().status().refusals().get(SiteRefusal.GONE)).isEqualTo(2L * gone);
    assertThat(linked.served("gpt-4o")).as("others, meanwhile").isEqualTo(200);
  }

  @Test
  void asksTheContractBeforeItAsksTheEngine() throws Exception {
    String id = made().getFirst();
    int asked = one.asked().size() + two.asked().size();

    linked
        .hub()
        .reload(
            config("contract: {closed: {kind: deny, deployments: [chat-oci], because: audited}}")
                .getBytes(UTF_8));

    HttpResponse<String> refused = linked.call("GET", "/v1/responses/" + id, "");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("closed");
    assertThat(one.asked().size() + two.asked().size()).isEqualTo(asked);
  }

  /** As many at one engine as at the other. */
  private List<String> made() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < RESPONSES; i++) {
      HttpResponse<String> made =
          linked.call("POST", "/v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"Hello\"}");
      assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
      ids.add(id(made.body()));
    }
    assertThat(one.asked()).hasSameSizeAs(two.asked());
    return ids;
  }

  private boolean isServed() {
    return linked.hub().deployments().stream()
            .allMatch(each -> each.status().presence() == Presence.PRESENT)
        && linked.agent().status().deployments().getFirst().state().replicas().stream()
            .allMatch(each -> each.probeAgeMillis() >= 0);
  }

  private static String id(String body) {
    Matcher id = ID.matcher(body);
    assertThat(id.find()).as(body).isTrue();
    return id.group(1);
  }

  private static String goesOnFrom(String id) {
    return "{\"model\":\"gpt-4o\",\"input\":\"Hello\",\"previous_response_id\":\"" + id + "\"}";
  }

  private static String site(RecordingEngine... engines) {
    List<String> urls = new ArrayList<>();
    for (RecordingEngine each : engines) {
      urls.add("{url: \"http://127.0.0.1:" + each.port() + "\"}");
    }
    return """
    site: oci-chicago
    hubs: ["127.0.0.1:${port}"]
    status: 127.0.0.1:0
    deployments:
      chat-oci: {engines: [%s], calibrate: false}
    """
        .formatted(String.join(", ", urls));
  }

  private static String config(String contract) {
    return """
    platform: azure-ai
    cache-salt: {file: salt}
    listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0", links: "127.0.0.1:0"}
    sites:
      oci-chicago: {provider: oracle, role: partner, geography: us, extends: azure-ai}
    deployments:
      chat-oci:
        {site: oci-chicago, model: gpt-4o, dialect: openai, link: site-agent,
         capacity: {kind: self-hosted, replicas: 2}}
    tenants:
      team-a: {keys: [{sha256: %s}]}
    %s
    """
        .formatted(KeyDirectory.sha256("sk-test"), contract);
  }
}
