package dev.spillway.app.parity;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.spillway.app.HubRequest;
import dev.spillway.app.assembly.Generation;
import dev.spillway.gateway.Gateway;
import dev.spillway.gateway.GatewayConfig;
import dev.spillway.gateway.Snapshot;
import dev.spillway.simulator.trace.TraceRequest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/** The load through a gateway, over sockets, on the script's time. */
final class LiveRun implements AutoCloseable {
  private static final int BYTES_PER_TOKEN = 4;

  /** What the gateway reckons for a message beside its text. */
  private static final int MESSAGE_TOKENS = 4;

  private final Script script;
  private final BlockingQueue<Told> log = new LinkedBlockingQueue<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Gateway gateway;

  LiveRun(Generation generation, Script script) throws IOException, InterruptedException {
    this.script = script;
    gateway = Gateway.start(oneLoop(), new AtomicReference<>(scripted(generation)), _ -> {});
  }

  List<Told> play(ScriptedProviders providers) throws IOException, InterruptedException {
    List<Told> all = new ArrayList<>();
    for (int i = 0; i < script.load().size(); i++) {
      providers.expect(i);
      client.send(request(script.load().get(i)), BodyHandlers.ofString());
      Told told = log.poll(10, SECONDS);
      if (told == null) {
        throw new AssertionError("request " + (i + 1) + " was not over within 10 s");
      }
      all.add(told);
    }
    return all;
  }

  @Override
  public void close() {
    gateway.close();
    client.close();
  }

  private Snapshot scripted(Generation generation) {
    Snapshot made = generation.snapshot();
    return new Snapshot(
        made.version(),
        made.madeEpochSecond(),
        made.topology(),
        new ScriptedDispatcher(made.dispatcher(), script, made.topology().deployments(), log),
        made.upstreams(),
        made.keys(),
        made.aliases(),
        made.models(),
        made.objectives(),
        made.streamedForWhole(),
        made.offers(),
        made.kept(),
        made.sealer());
  }

  private HttpRequest request(TraceRequest request) {
    String text = "x".repeat(BYTES_PER_TOKEN * (request.inputTokens() - MESSAGE_TOKENS));
    String json =
        """
        {"model":"gpt-4o","stream":true,"max_tokens":%d,"messages":[{"role":"user","content":"%s"}]}\
        """
            .formatted(request.outputTokens(), text);
    return HubRequest.to(gateway.port(), "POST", HubRequest.CHAT, json);
  }

  private static GatewayConfig oneLoop() {
    GatewayConfig usual = GatewayConfig.on("127.0.0.1", 0);
    return new GatewayConfig(
        usual.host(),
        usual.port(),
        1,
        usual.transport(),
        usual.maxBodyBytes(),
        usual.maxUploadBytes(),
        usual.bodyMemoryBytes(),
        usual.continuationMemoryBytes(),
        usual.answerMemoryBytes(),
        usual.maxHeaderBytes(),
        usual.maxConnections(),
        usual.requestWithin(),
        usual.idleWithin(),
        usual.names(),
        usual.corsOrigins(),
        null);
  }
}
