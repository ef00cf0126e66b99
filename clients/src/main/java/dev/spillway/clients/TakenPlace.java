package dev.spillway.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;

/**
 * The only place of {@link RunningHub#HASTY_KEY}, taken by an answer that hangs: whoever comes with
 * that key is told to come back in a second (429).
 */
public final class TakenPlace implements AutoCloseable {
  private static final String HANGS =
      "{\"model\":\""
          + RunningHub.LONE_MODEL
          + "\",\"stream\":true,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"simulate(stall=3)\"}]}";

  private final RunningHub hub;
  private final HttpURLConnection request;
  private boolean left;

  private TakenPlace(RunningHub hub, HttpURLConnection request) {
    this.hub = hub;
    this.request = request;
  }

  /** Takes it; the answer has begun when this returns. */
  public static TakenPlace take(RunningHub hub) throws IOException {
    HttpURLConnection request = hub.request("/chat/completions");
    request.setRequestProperty("authorization", "Bearer " + RunningHub.HASTY_KEY);
    request.setRequestProperty("content-type", "application/json");
    request.setDoOutput(true);
    try (OutputStream body = request.getOutputStream()) {
      body.write(HANGS.getBytes(UTF_8));
    }
    if (request.getResponseCode() != 200) {
      throw new IOException("place: " + request.getResponseCode() + " (expected: 200)");
    }
    return new TakenPlace(hub, request);
  }

  /**
   * Leaves it; the hub sees that a moment later. {@code HttpClient} would keep its socket open for
   * up to three seconds after it has sent its end, and be taken for one that waits for its answer.
   */
  void leave() {
    left = true;
    request.disconnect();
  }

  /** Leaves it unless it was left before, and waits until the hub has seen that. */
  @Override
  public void close() throws IOException {
    if (left) {
      return;
    }
    leave();
    try {
      hub.awaitEnd(request -> request.outcome() == Outcome.ABANDONED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("leaving the place", e);
    }
  }
}
