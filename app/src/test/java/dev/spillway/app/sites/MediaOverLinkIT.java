package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.HubRequest;
import dev.spillway.core.routing.Presence;
import dev.spillway.gateway.auth.KeyDirectory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sound, and transcripts as text: nothing in them says that they are whole, so a link has to. */
class MediaOverLinkIT {
  private static final String SOUND = "HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\n";
  private static final String TEXT = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";
  private static final String LENGTH = "content-length: 5\r\n\r\nHello";
  private static final String CHUNKS =
      "transfer-encoding: chunked\r\n\r\n3\r\nHel\r\n2\r\nlo\r\n0\r\n\r\n";

  private static final String CONFIG =
      """
      platform: azure-ai
      listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0", links: "127.0.0.1:0"}
      attempts: {hedges: 0%%}
      sites:
        oci-chicago: {provider: oracle, role: partner, geography: us, extends: azure-ai}
      deployments:
        chat-oci:
          {site: oci-chicago, model: gpt-4o, dialect: openai, link: site-agent,
           capacity: {kind: self-hosted, replicas: 1}}
      tenants:
        team-a: {keys: [{sha256: %s}]}
      """
          .formatted(KeyDirectory.sha256("sk-test"));

  @TempDir Path folder;
  private @Nullable RawEngine engine;
  private @Nullable LinkedHub linked;

  @AfterEach
  void stop() throws Exception {
    if (linked != null) {
      linked.close();
    }
    if (engine != null) {
      engine.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LENGTH, CHUNKS})
  void passesSoundOn(String body) throws Exception {
    assertHello(speech(linked(RawEngine.saying(SOUND + body))));
  }

  @ParameterizedTest
  @ValueSource(strings = {LENGTH, CHUNKS})
  void passesATranscriptOn(String body) throws Exception {
    assertHello(transcript(linked(RawEngine.saying(TEXT + body))));
  }

  @Test
  void takesNoSoundThatEndsWithItsConnection() throws Exception {
    LinkedHub hub =
        linked(
            RawEngine.start(connection -> {
              RawEngine.write(connection, SOUND + "\r\nHello");
              connection.close();
            }));

    assertThat(speech(hub).statusCode()).isEqualTo(502);
  }

  @Test
  void takesNoTranscriptThatEndsWithAReset() throws Exception {
    LinkedHub hub =
        linked(
            RawEngine.start(connection -> {
              RawEngine.write(connection, TEXT + "\r\nHello");
              Thread.sleep(100); // a reset takes away what was not read
              RawEngine.reset(connection);
            }));

    assertThat(transcript(hub).statusCode()).isEqualTo(502);
  }

  private static void assertHello(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("Hello");
  }

  private LinkedHub linked(RawEngine here) throws Exception {
    engine = here;
    LinkedHub hub = new LinkedHub(folder, CONFIG);
    linked = hub;
    hub.join(site(here.port()));
    until(
        "the site serves",
        () ->
            hub.hub().deployments().stream()
                .allMatch(each -> each.status().presence() == Presence.PRESENT));
    return hub;
  }

  private static HttpResponse<String> speech(LinkedHub hub) throws Exception {
    return hub.call(
        "POST",
        "/v1/audio/speech",
        "{\"model\":\"gpt-4o\",\"input\":\"Hello\",\"voice\":\"alloy\"}");
  }

  private static HttpResponse<String> transcript(LinkedHub hub) throws Exception {
    String form =
        """
        --part
        Content-Disposition: form-data; name="file"; filename="a.wav"

        bytes
        --part
        Content-Disposition: form-data; name="model"

        gpt-4o
        --part
        Content-Disposition: form-data; name="response_format"

        text
        --part--
        """
            .replace("\n", "\r\n");
    URI url = HubRequest.to(hub.hub().dataPort(), "POST", "/v1/audio/transcriptions", "").uri();
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("authorization", "Bearer sk-test")
            .header("content-type", "multipart/form-data; boundary=part")
            .POST(BodyPublishers.ofString(form))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString());
    }
  }

  private static String site(int port) {
    return """
    site: oci-chicago
    hubs: ["127.0.0.1:${port}"]
    status: 127.0.0.1:0
    deployments:
      chat-oci: {engines: [{url: "http://127.0.0.1:%d"}], calibrate: false}
    """
        .formatted(port);
  }
}
