package dev.spillway.app.sites;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.app.HubRequest;
import dev.spillway.app.agent.AgentProgram;
import dev.spillway.app.config.ConfigFile;
import dev.spillway.app.config.SiteAgentConfig;
import dev.spillway.app.hub.Agents;
import dev.spillway.app.hub.Hub;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.SiteId;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.wire.link.JoinToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** A hub as it is run, agents that join it by tokens, and a client who knows of neither. */
final class LinkedHub implements AutoCloseable {
  static final SiteId CHICAGO = new SiteId("oci-chicago");

  private final Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<AgentProgram> agents = new ArrayList<>();
  private final Hub hub;

  /** Of this configuration; what it and its agents keep is in the folder. */
  LinkedHub(Path folder, String config) throws Exception {
    this.folder = folder;
    Path file = Files.writeString(file(), config);
    hub = Hub.start(file, Files.readAllBytes(file), ended -> {});
  }

  static LiveEngine engine() throws IOException {
    return LiveEngine.start(
        LiveEngineConfig.of(
            new ModelName("gpt-4o"), EngineCatalog.named("h100x4-70b").orElseThrow()));
  }

  Hub hub() {
    return hub;
  }

  /** The agent that was started last. */
  AgentProgram agent() {
    return agents.getLast();
  }

  /** Joins with a token, and starts; {@code ${port}} is where this hub waits for links. */
  SiteAgentConfig join(String siteYaml) throws Exception {
    SiteAgentConfig config = read(siteYaml);
    joinAgain(config);
    start(config);
    return config;
  }

  /** Joins with a token; whoever runs goes on. */
  SiteIdentity joinAgain(SiteAgentConfig config) throws Exception {
    return AgentProgram.join(config, folder, List.of(), JoinToken.parse(token()));
  }

  String token() throws IOException {
    return operator().token(CHICAGO, List.of());
  }

  SiteAgentConfig read(String siteYaml) throws Exception {
    String text = siteYaml.replace("${port}", Integer.toString(hub.linkPort()));
    return ConfigFile.readSite("site.yaml", text.getBytes(UTF_8)).value();
  }

  void start(SiteAgentConfig config) throws IOException, InterruptedException {
    start(config, Clock.systemUTC());
  }

  /** Starts one that has the time of this clock. */
  void start(SiteAgentConfig config, Clock clock) throws IOException, InterruptedException {
    agents.add(AgentProgram.start(config, folder, clock));
  }

  /** The agent that was started last is gone, and all that it had under way. */
  void stopAgent() {
    agents.removeLast().close();
  }

  Agents operator() throws IOException {
    return Agents.of(file(), hub.inForce().assembly());
  }

  /** The status of a short answer; 0 if there was none. */
  int served(String model) {
    try {
      return chat(model, false).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpResponse<String> chat(String model, boolean stream) throws IOException, InterruptedException {
    return client.send(request(model, stream, "Hello", 5), BodyHandlers.ofString());
  }

  /** A streamed answer to a message, while it comes. */
  HttpResponse<InputStream> stream(String model, String message)
      throws IOException, InterruptedException {
    return client.send(request(model, true, message, 100), BodyHandlers.ofInputStream());
  }

  HttpResponse<String> call(String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(HubRequest.to(hub.dataPort(), method, path, body), BodyHandlers.ofString());
  }

  String page(String url) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
        .body();
  }

  @Override
  public void close() {
    agents.forEach(AgentProgram::close);
    hub.close();
    client.close();
  }

  private HttpRequest request(String model, boolean stream, String message, int tokens) {
    String json =
        """
        {"model":"%s","stream":%s,"max_tokens":%d,"messages":[{"role":"user","content":"%s"}]}\
        """
            .formatted(model, stream, tokens, message);
    return HubRequest.to(hub.dataPort(), "POST", HubRequest.CHAT, json);
  }

  private Path file() {
    return folder.resolve("spillway.yaml");
  }
}
