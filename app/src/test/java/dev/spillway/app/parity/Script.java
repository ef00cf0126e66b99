package dev.spillway.app.parity;

import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.simulator.trace.TraceRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * What happens, and when, to the nanosecond: both drivers are told the same.
 *
 * <p>Requests come one after the other, each when the one before it is over. Home fails often, the
 * partner now and then, and both in every way that routing tells apart; the other deployments never
 * do, so that nobody waits for long.
 *
 * @param load in order of arrival
 */
record Script(List<TraceRequest> load) {
  static final int HOME = 0;
  static final int PARTNER = 1;

  /** How long any attempt fails after it was sent. */
  static final long FAILS_AFTER_NANOS = 5_000_000;

  private static final long TOKEN_NANOS = 200_000;
  private static final long SECOND = 1_000_000_000;

  /** A load of this seed. */
  static Script of(int requests, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<TraceRequest> load = new ArrayList<>();
    long at = 0;
    for (int i = 0; i < requests; i++) {
      at += SECOND / 5 + random.nextLong(SECOND);
      load.add(
          new TraceRequest(at, 50 + random.nextInt(1_500), 1 + random.nextInt(200), List.of()));
    }
    return new Script(List.copyOf(load));
  }

  /** What a provider answers, other than well. */
  record Deed(int status, AttemptFailure.Kind kind, @Nullable Duration retryAfter) {}

  /** What the n-th attempt at a deployment meets, the first of which is 1; empty: a good answer. */
  Optional<Deed> deed(int deployment, int attempt) {
    return switch (deployment) {
      case HOME -> home(attempt);
      case PARTNER ->
          attempt % 13 == 0
              ? Optional.of(new Deed(503, AttemptFailure.Kind.OVERLOADED, null))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<Deed> home(int attempt) {
    boolean ill = attempt / 20 % 3 == 2; // long enough for the breaker to open
    if (ill || attempt % 17 == 0) {
      return Optional.of(new Deed(500, AttemptFailure.Kind.SERVER_ERROR, null));
    } else if (attempt % 11 == 0) {
      Duration wait = Duration.ofMillis(2_500);
      return Optional.of(new Deed(429, AttemptFailure.Kind.RATE_LIMITED, wait));
    }
    return attempt % 7 == 0
        ? Optional.of(new Deed(429, AttemptFailure.Kind.RATE_LIMITED, null))
        : Optional.empty();
  }

  /** From when an attempt was sent to its first token. */
  long firstTokenNanos(int deployment) {
    return (10 + 15L * deployment) * 1_000_000;
  }

  /** From the first token of a request's answer to its last. */
  long restNanos(TraceRequest request) {
    return request.outputTokens() * TOKEN_NANOS;
  }

  /** What the engines say at a whole second; of the partner's own engines only. */
  Optional<EngineReport> report(int deployment, long nanos) {
    if (deployment != PARTNER) {
      return Optional.empty();
    }
    long second = nanos / SECOND;
    boolean busy = second / 15 % 4 == 3;
    return Optional.of(busy ? new EngineReport(60, 12, 0.93, 1) : new EngineReport(1, 0, 0.1, 1));
  }
}
