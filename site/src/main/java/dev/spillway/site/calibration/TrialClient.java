package dev.spillway.site.calibration;

import dev.spillway.site.engine.EngineAddress;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Asks one engine which model it has, and makes small requests of it.
 *
 * <p>Blocks; one thread asks, any thread may {@link #disturb}.
 */
final class TrialClient {
  private static final int OK = 200;
  private static final Set<Integer> REFUSALS = Set.of(400, 404, 413, 422);
  private static final Duration MODELS_WITHIN = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 1 << 20;

  private final HttpClient http;
  private final EngineAddress engine;
  private final AtomicReference<@Nullable CompletableFuture<?>> underWay = new AtomicReference<>();
  private volatile boolean disturbed;

  TrialClient(HttpClient http, EngineAddress engine) {
    this.http = http;
    this.engine = engine;
  }

  /** What became of a request. */
  sealed interface Outcome {
    /** It was answered. */
    record Answered(Trial.Seen seen) implements Outcome {}

    /** The engine does not take it: no such operation, or too long. */
    record Refused(int status) implements Outcome {}

    /** It was broken off. */
    record Disturbed() implements Outcome {}
  }

  /**
   * Which model the engine has.
   *
   * @throws IOException if it does not say
   */
  String model() throws IOException, InterruptedException {
    HttpRequest request = request("/models", MODELS_WITHIN).GET().build();
    HttpResponse<byte[]> answer =
        http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    if (answer.statusCode() != OK) {
      throw new IOException("GET " + request.uri() + " answered " + answer.statusCode());
    }
    String model = firstId(answer.body());
    if (model == null) {
      throw new IOException("GET " + request.uri() + " named no model");
    }
    return model;
  }

  /**
   * Makes one request, and waits for all of its answer.
   *
   * @throws IOException if there is none
   */
  Outcome ask(TrialOperation operation, String model, Trial trial, Duration within)
      throws IOException, InterruptedException {
    byte[] body = operation.body(model, trial);
    HttpRequest request =
        request(operation.path(), within)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    StreamTiming timing = new StreamTiming(operation.data());
    BodyHandler<Void> handler = BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(timing));
    long sent = System.nanoTime();
    CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(request, handler);
    underWay.set(answer);
    try {
      if (disturbed) {
        return new Outcome.Disturbed();
      }
      int status = answer.get(within.toNanos(), TimeUnit.NANOSECONDS).statusCode();
      if (REFUSALS.contains(status)) {
        return new Outcome.Refused(status);
      }
      if (status != OK) {
        throw new IOException("POST " + request.uri() + " answered " + status);
      }
      return new Outcome.Answered(timing.since(sent, trial));
    } catch (CancellationException _) {
      return new Outcome.Disturbed();
    } catch (TimeoutException e) {
      throw new IOException("POST " + request.uri() + " took longer than " + within, e);
    } catch (ExecutionException e) {
      if (disturbed) {
        return new Outcome.Disturbed();
      }
      throw new IOException("POST " + request.uri() + " failed: " + e.getCause(), e);
    } finally {
      underWay.set(null);
      answer.cancel(true);
    }
  }

  /** Asks anew, after it was disturbed or not. */
  void begin() {
    disturbed = false;
  }

  /** Breaks off what is under way, and asks nothing more; any thread, does not block. */
  void disturb() {
    disturbed = true;
    CompletableFuture<?> now = underWay.get();
    if (now != null) {
      now.cancel(true);
    }
  }

  private HttpRequest.Builder request(String operation, Duration within) {
    return HttpRequest.newBuilder(URI.create(engine.url() + operation)).timeout(within);
  }

  private static @Nullable String firstId(byte[] json) {
    JsonCursor cursor = new JsonCursor().reset(ByteSlice.of(json));
    try {
      cursor.beginObject();
      while (cursor.nextMember()) {
        if ("data".equals(cursor.name()) && cursor.kind() == JsonKind.ARRAY) {
          cursor.beginArray();
          return cursor.nextElement() && cursor.kind() == JsonKind.OBJECT ? id(cursor) : null;
        }
        cursor.skip();
      }
    } catch (MalformedJson _) {
      return null;
    }
    return null;
  }

  private static @Nullable String id(JsonCursor model) throws MalformedJson {
    model.beginObject();
    while (model.nextMember()) {
      if ("id".equals(model.name()) && model.kind() == JsonKind.STRING) {
        return model.string();
      }
      model.skip();
    }
    return null;
  }
}
