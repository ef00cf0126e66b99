package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.routing.Presence;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.simulator.live.LiveEngine;
import java.io.IOException;
import java.io.InputStream;
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

/** Whoever asks for a kept response chooses how long the path is that goes to its site. */
class LongQueryOverLinkIT {
  private static final Pattern ID = Pattern.compile("\"id\": ?\"(resp_[^\"]+)\"");

  /** So that every link carries some. */
  private static final int STREAMS = 12;

  @TempDir Path folder;
  private RecordingEngine keeper;
  private LiveEngine talker;
  private LinkedHub linked;

  @BeforeEach
  void start() throws Exception {
    keeper = RecordingEngine.start();
    talker = LinkedHub.engine();
    linked = new LinkedHub(folder, config());
    linked.join(site());
    until("the site serves", this::isServed);
  }

  @AfterEach
  void stop() {
    linked.close();
    talker.close();
    keeper.close();
  }

  @Test
  void isRefusedAndEndsNobodysStream() throws Exception {
    String kept = "/v1/responses/" + madeId();
    List<HttpResponse<InputStream>> others = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      others.add(linked.stream("gpt-slow", "Say something long."));
    }
    int asked = keeper.asked().size();

    HttpResponse<String> refused = get(kept + "?include=" + ",".repeat(6_000));

    List<String> streams = others.stream().map(LongQueryOverLinkIT::all).toList();

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.body()).contains("bad_request", "expected: at most 4000");
    assertThat(keeper.asked()).as("what was sent on").hasSize(asked);
    assertThat(streams).allMatch(each -> each.endsWith("data: [DONE]\n\n"));
    assertThat(get(kept + "?include=" + "a".repeat(3_000)).statusCode()).isEqualTo(200);
  }

  /** Its client ends no sooner than what it asked for. */
  private static String all(HttpResponse<InputStream> answer) {
    try {
      return new String(answer.body().readAllBytes(), UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return linked.call("GET", path, "");
  }

  private String madeId() throws Exception {
    String body =
        linked.call("POST", "/v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"Hello\"}").body();
    Matcher id = ID.matcher(body);
    assertThat(id.find()).as(body).isTrue();
    return id.group(1);
  }

  private boolean isServed() {
    return linked.hub().deployments().stream()
        .allMatch(each -> each.status().presence() == Presence.PRESENT);
  }

  private String site() {
    return """
    site: oci-chicago
    hubs: ["127.0.0.1:${port}"]
    status: 127.0.0.1:0
    deployments:
      keeper: {engines: [{url: "http://127.0.0.1:%d"}], calibrate: false}
      talker: {engines: [{url: "http://127.0.0.1:%d"}], calibrate: false}
    """
        .formatted(keeper.port(), talker.port());
  }

  /** Nobody could go on with a stream that breaks off: neither takes a beginning. */
  private static String config() {
    return """
    platform: azure-ai
    listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0", links: "127.0.0.1:0"}
    attempts: {hedges: 0%%}
    sites:
      oci-chicago: {provider: oracle, role: partner, geography: us, extends: azure-ai}
    deployments:
      keeper:
        {site: oci-chicago, model: gpt-4o, dialect: openai, link: site-agent,
         capacity: {kind: self-hosted, replicas: 1}}
      talker:
        {site: oci-chicago, model: gpt-slow, upstream-model: gpt-4o, dialect: openai,
         link: site-agent, capacity: {kind: self-hosted, replicas: 1}}
    tenants:
      team-a: {keys: [{sha256: %s}]}
    """
        .formatted(KeyDirectory.sha256("sk-test"));
  }
}
