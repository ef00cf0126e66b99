package dev.spillway.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.app.hub.Hub;
import dev.spillway.core.model.ModelName;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A hub in this process with simulated engines behind it, on ports of their own.
 *
 * <p>{@value #MODEL} is served at home and by a partner, so that what fails at home is answered
 * from elsewhere; {@value #LONE_MODEL} is served at home alone, by an engine that is spoken to as
 * OpenAI is. What an engine can be made to do, {@link LiveEngine} and its prompts' wishes say.
 */
public final class RunningHub implements AutoCloseable {
  /** What clients present. */
  public static final String KEY = "sk-clients";

  /** What a client presents that may have but one request in flight. */
  public static final String HASTY_KEY = "sk-hasty";

  /** Served twice; also known as {@code gpt-4o-2024-08-06}. */
  public static final String MODEL = "gpt-4o";

  /** Served once; also what moderates. */
  public static final String LONE_MODEL = "gpt-4o-mini";

  private static final int PATIENCE_SECONDS = 10;

  private static final String CONFIG =
      """
      platform: azure-ai
      listen:
        data: 127.0.0.1:0
        admin: 127.0.0.1:0
        TLS
      sites:
        home: {provider: microsoft, role: home, geography: us}
        partner: {provider: oracle, role: partner, geography: us, extends: azure-ai}
      deployments:
        chat-home:
          {site: home, model: gpt-4o, dialect: vllm, url: 'http://127.0.0.1:HOME', accelerator: h100, capacity: {kind: self-hosted, replicas: 1}}
        chat-partner:
          {site: partner, model: gpt-4o, dialect: vllm, url: 'http://127.0.0.1:PARTNER', accelerator: h100, capacity: {kind: self-hosted, replicas: 1}, price: {input: 2.50 USD/1M, output: 10.00 USD/1M}}
        mini-home:
          {site: home, model: gpt-4o-mini, dialect: openai, url: 'http://127.0.0.1:LONE', accelerator: h100, capacity: {kind: self-hosted, replicas: 1}}
      aliases: {gpt-4o-2024-08-06: gpt-4o, omni-moderation-latest: gpt-4o-mini}
      tenants:
        app: {class: online-inference, keys: {sha256: 2335c853aa3ad7eb3e2b74213262e00dae34f5eff91411b977b71a2100922ddd}}
        hasty: {class: online-inference, keys: {sha256: f5ce93b320da3ca814eb10399224c722d2759012e001da395c5831f5ad4f17d9}, limits: {concurrency: 1}}
      """;

  private final LiveEngine home;
  private final LiveEngine partner;
  private final LiveEngine lone;
  private final BlockingQueue<RequestRecord> ended = new LinkedBlockingQueue<>();
  private final String scheme;
  private final @Nullable SSLContext trusted;
  private final Hub hub;

  private RunningHub(String scheme, String tls, @Nullable SSLContext trusted) throws Exception {
    this.scheme = scheme;
    this.trusted = trusted;
    this.home = engine(MODEL);
    this.partner = engine(MODEL);
    this.lone = engine(LONE_MODEL);
    String config =
        CONFIG
            .replace("TLS", tls)
            .replace("HOME", String.valueOf(home.port()))
            .replace("PARTNER", String.valueOf(partner.port()))
            .replace("LONE", String.valueOf(lone.port()));
    this.hub = Hub.start(Path.of("spillway.yaml"), config.getBytes(UTF_8), ended::add);
  }

  /** A hub that speaks plain HTTP. */
  public static RunningHub start() throws Exception {
    return new RunningHub("http", "", null);
  }

  /** A hub that proves itself with this certificate. */
  public static RunningHub startWith(Certificate certificate) throws Exception {
    return new RunningHub(
        "https",
        "tls: {certificate: " + certificate.chain() + ", key: " + certificate.key() + "}",
        certificate.trusted());
  }

  /** Where its API is, as OpenAI's clients take it. */
  public String baseUrl() {
    return scheme + "://127.0.0.1:" + port() + "/v1";
  }

  /** The port of its API. */
  public int port() {
    return hub.dataPort();
  }

  /** A request to this path of its API by the JDK's plain client, which trusts its certificate. */
  HttpURLConnection request(String path) throws IOException {
    var request = (HttpURLConnection) URI.create(baseUrl() + path).toURL().openConnection();
    if (trusted != null && request instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(trusted.getSocketFactory());
    }
    return request;
  }

  /** The first choice for {@value #MODEL}. */
  public LiveEngine home() {
    return home;
  }

  /** The other choice for {@value #MODEL}. */
  public LiveEngine partner() {
    return partner;
  }

  /** The only choice for {@value #LONE_MODEL}. */
  public LiveEngine lone() {
    return lone;
  }

  /**
   * Waits for the end of a request like this, and forgets those that ended before it. A client has
   * its answer a moment before the hub has told of it.
   *
   * @throws IllegalStateException if there is none within ten seconds
   */
  public RequestRecord awaitEnd(Predicate<RequestRecord> like) throws InterruptedException {
    RequestRecord next;
    do {
      next = ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new IllegalStateException("no request like this has ended");
      }
    } while (!like.test(next));
    return next;
  }

  /** Waits for the end of a request that was answered whole though an attempt had failed. */
  public RequestRecord awaitRescue() throws InterruptedException {
    return awaitEnd(request -> request.outcome() == Outcome.WHOLE && !request.failures().isEmpty());
  }

  @Override
  public void close() {
    hub.close();
    home.close();
    partner.close();
    lone.close();
  }

  private static LiveEngine engine(String model) throws IOException {
    return LiveEngine.start(LiveEngineConfig.of(new ModelName(model), EngineCatalog.H100X4_70B));
  }
}
