package dev.spillway.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.assembly.Generations;
import dev.spillway.gateway.RequestLog;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files change under a running hub; nobody tells it. */
class ConfigWatchIT {
  private static final int NOBODY = 9;

  @TempDir private Path folder = Path.of("");
  private final RequestLog log = new RequestLog(OutputStream.nullOutputStream(), 1);
  private final HttpClient client = HttpClient.newHttpClient();
  private Hub hub;
  private ConfigWatch watch;

  @BeforeEach
  void start() throws Exception {
    write("key", "sk-first");
    String config = HubYaml.of(NOBODY, "{file: key}");
    write("spillway.yaml", config);
    hub = Hub.start(folder.resolve("spillway.yaml"), config.getBytes(UTF_8), log);
    watch = new ConfigWatch(hub, folder.resolve("spillway.yaml"), Duration.ofMillis(20));
  }

  @AfterEach
  void stop() {
    watch.close();
    hub.close();
    log.close();
    client.close();
  }

  @Test
  void putsAnotherConfigurationInForceAndKeepsItWhereTheNextIsNone() throws Exception {
    String other = HubYaml.of(NOBODY, "{file: key}", "aliases: {n: m}");
    write("spillway.yaml", other);
    Until.holds(
        "it is in force",
        () -> hub.inForce().version().equals(Generations.version(other.getBytes(UTF_8))));

    write("spillway.yaml", "no: configuration");
    Until.holds("it was read", () -> hub.config().lastError() != null);
    assertThat(hub.inForce().version()).isEqualTo(Generations.version(other.getBytes(UTF_8)));
    assertThat(status("sk-first")).isEqualTo(200);
  }

  @Test
  void readsASecretAgainWhoseFileChanged() throws Exception {
    assertThat(status("sk-first")).isEqualTo(200);
    assertThat(status("sk-second")).isEqualTo(401);

    write("key", "sk-second");

    Until.holds("the key is known", () -> status("sk-second") == 200);
    assertThat(status("sk-first")).isEqualTo(401);
  }

  @Test
  void keepsASecretWhoseFileIsGoneAndTakesTheNext() throws Exception {
    Files.delete(folder.resolve("key"));
    assertThat(status("sk-first")).isEqualTo(200);

    write("key", "sk-second");

    Until.holds("the key is known", () -> status("sk-second") == 200);
  }

  @Test
  void triesAgainOnceTheFileIsThereThatAConfigurationLacked() throws Exception {
    write("spillway.yaml", HubYaml.of(NOBODY, "[{file: key}, {file: other-key}]"));
    Until.holds("it was read", () -> hub.config().lastError() != null);
    assertThat(status("sk-other")).isEqualTo(401);

    write("other-key", "sk-other");

    Until.holds("the key is known", () -> status("sk-other") == 200);
    assertThat(hub.config().lastError()).isNull();
  }

  @Test
  void warnsOnlyOfWhatANextStartReads() throws Exception {
    assertThat(reload("limits: {drain-within: 5s}").needRestart()).isEmpty();
    assertThat(reload("limits: {body: 1MiB}").needRestart()).containsExactly("limits");
    assertThat(hub.inForce().assembly().config().limits().drainWithin().toSeconds()).isEqualTo(30);
  }

  private Reload.InForce reload(String limits) throws InterruptedException {
    String text = HubYaml.of(NOBODY, "{file: key}", limits);
    return (Reload.InForce) hub.reload(text.getBytes(UTF_8));
  }

  private int status(String key) throws IOException, InterruptedException {
    URI models = URI.create("http://127.0.0.1:" + hub.dataPort() + "/v1/models");
    HttpRequest request =
        HttpRequest.newBuilder(models).header("authorization", "Bearer " + key).build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
