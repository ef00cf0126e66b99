package dev.spillway.clients;

import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A client's own retry: its first request found its tenant's place taken, and a later one not.
 *
 * @param <T> what the client's call gives
 * @param answer what the call came to
 * @param waited from the arrival of the last request that was refused to that of the next one
 */
public record ClientRetry<T>(T answer, Duration waited) {
  /** For how long the refusal asks to wait. */
  public static final Duration ASKED = Duration.ofSeconds(1);

  /**
   * Has this call, by a client with {@link RunningHub#HASTY_KEY}, be refused, once as a rule: on a
   * busy machine the place may be free only after the client has come again.
   *
   * @throws java.util.concurrent.ExecutionException if the client gave up
   */
  public static <T> ClientRetry<T> of(RunningHub hub, Callable<T> call) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        TakenPlace place = TakenPlace.take(hub)) {
      Future<T> answer = threads.submit(call);
      RequestRecord refused = hub.awaitEnd(ClientRetry::isRefused);
      place.leave();
      T said = answer.get();
      RequestRecord next = hub.awaitEnd(ClientRetry::isRefusedOrServed);
      while (isRefused(next)) {
        refused = next;
        next = hub.awaitEnd(ClientRetry::isRefusedOrServed);
      }
      return new ClientRetry<>(said, Duration.between(refused.at(), next.at()));
    }
  }

  private static boolean isRefused(RequestRecord request) {
    return request.outcome() == Outcome.REFUSED;
  }

  private static boolean isRefusedOrServed(RequestRecord request) {
    return isRefused(request) || request.outcome() == Outcome.WHOLE;
  }
}
