package dev.spillway.app.replay;

import dev.spillway.simulator.report.Outcome;
import dev.spillway.simulator.report.Outcome.Kind;
import dev.spillway.simulator.trace.TraceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends a recorded load, each request when it is due, whatever became of the earlier ones.
 *
 * <p>An open loop: a server that falls behind sees more and more requests at once, as it would from
 * people. Times count from when a request was due, so that a sender that falls behind hides
 * nothing; how late it was is reported too.
 *
 * <p>Blocks; one virtual thread a request.
 */
public final class Replay {
  private static final int OK = 200;
  private static final int BUFFER_BYTES = 8 << 10;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final ReplayTarget target;
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private final Queue<Long> latenesses = new ConcurrentLinkedQueue<>();
  private final Listener listener;

  /** A load for this target. */
  public Replay(ReplayTarget target, Listener listener) {
    this.target = target;
    this.listener = listener;
  }

  /** Is told of each request as it starts and ends, from any thread. */
  public interface Listener {
    /** A request was sent. */
    void sent();

    /** A request is over. */
    void ended(Outcome outcome);
  }

  /** Watched by nobody. */
  public static final class Quiet implements Listener {
    @Override
    public void sent() {}

    @Override
    public void ended(Outcome outcome) {}
  }

  /**
   * Sends all of it and waits for the last answer.
   *
   * @return one outcome a request, in no order
   * @throws InterruptedException if the calling thread was interrupted
   */
  public List<Outcome> run(List<TraceRequest> load) throws InterruptedException {
    try (HttpClient http = client();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long start = System.nanoTime();
      long number = 0;
      for (TraceRequest request : load) {
        long due = start + request.arrivalNanos();
        sleepUntil(due);
        long each = number++;
        var _ = threads.submit(() -> send(http, request, each, due));
      }
    }
    return List.copyOf(outcomes);
  }

  /** The lateness of the sender itself that 99 % of requests did not exceed. */
  public Duration latenessP99() {
    long[] sorted = latenesses.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted.length == 0
        ? Duration.ZERO
        : Duration.ofNanos(sorted[(int) (0.99 * (sorted.length - 1))]);
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(10))
        .build();
  }

  private void send(HttpClient http, TraceRequest request, long number, long due) {
    latenesses.add(System.nanoTime() - due);
    listener.sent();
    Outcome outcome = outcome(http, request, number, due);
    outcomes.add(outcome);
    listener.ended(outcome);
  }

  private Outcome outcome(HttpClient http, TraceRequest request, long number, long due) {
    try {
      HttpResponse<InputStream> response =
          http.send(post(request, number), BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        return response.statusCode() == OK
            ? answer(response, body, request, due)
            : none(refused(response.statusCode()), response.statusCode() + "", request);
      }
    } catch (IOException | IllegalArgumentException e) {
      return none(Kind.FAILED, e.getClass().getSimpleName(), request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return none(Kind.FAILED, "interrupted", request);
    }
  }

  private HttpRequest post(TraceRequest request, long number) {
    return HttpRequest.newBuilder(target.chat())
        .header("authorization", "Bearer " + target.key())
        .header("content-type", "application/json")
        .timeout(PATIENCE)
        .POST(BodyPublishers.ofByteArray(Prompt.body(request, number, target.model())))
        .build();
  }

  private static Outcome answer(
      HttpResponse<?> response, InputStream body, TraceRequest request, long due) {
    AnswerCheck check = new AnswerCheck();
    check.read(body, new byte[BUFFER_BYTES]);
    @Nullable String site = response.headers().firstValue("x-spillway-site").orElse(null);
    long ttft = check.firstNanos() < 0 ? -1 : check.firstNanos() - due;
    return new Outcome(
        check.kind(),
        site,
        "",
        ttft,
        check.nanosPerToken(),
        request.inputTokens(),
        check.outputTokens());
  }

  private static Kind refused(int status) {
    return status >= 500 && status != 503 ? Kind.FAILED : Kind.REFUSED;
  }

  private static Outcome none(Kind kind, String why, TraceRequest request) {
    return new Outcome(kind, null, why, -1, 0, request.inputTokens(), 0);
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException("told to stop");
      }
    }
  }
}
