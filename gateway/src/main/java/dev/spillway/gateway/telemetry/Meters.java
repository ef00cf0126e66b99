package dev.spillway.gateway.telemetry;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.gateway.telemetry.RequestRecord.FailedAttempt;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.wire.aggregate.AnswerMemory;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.resume.ContinuationMemory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times requests, by the labels of {@link MeterNames}.
 *
 * <p>All loops tell it. A meter is made when its labels are first seen and then found by a record
 * of them, so that a request costs look-ups and no text. Buckets are those that OpenTelemetry
 * advises for these meters.
 */
public final class Meters implements RequestObserver {
  private static final double[] TOKEN_BUCKETS =
      LongStream.iterate(1, bound -> bound <= 67_108_864, bound -> bound * 4)
          .asDoubleStream()
          .toArray();
  private static final Duration[] DURATION_BUCKETS =
      millis(10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_120, 10_240, 20_480, 40_960, 81_920);
  private static final Duration[] FIRST_TOKEN_BUCKETS =
      millis(1, 5, 10, 20, 40, 60, 80, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000);
  private static final Duration[] PER_TOKEN_BUCKETS =
      millis(10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1_000, 2_500);

  private final MeterRegistry registry;
  private final Predicate<SiteId> isPartner;
  private final Map<Work, WorkMeters> work = new ConcurrentHashMap<>();
  private final Map<Ending, Counter> requests = new ConcurrentHashMap<>();
  private final Map<Ending, Counter> spilled = new ConcurrentHashMap<>();
  private final Map<Ending, Counter> continuations = new ConcurrentHashMap<>();
  private final Map<Failing, Counter> failures = new ConcurrentHashMap<>();

  /** Made once: whoever knocks without a key must cost nothing. */
  private final Map<ErrorKind, Counter> turnedAway = new EnumMap<>(ErrorKind.class);

  /**
   * Registers its meters as their labels are seen.
   *
   * @param isPartner whether a site is a partner's; asked for each request that was answered
   */
  public Meters(MeterRegistry registry, Predicate<SiteId> isPartner) {
    this.registry = registry;
    this.isPartner = isPartner;
    for (ErrorKind kind : ErrorKind.values()) {
      turnedAway.put(kind, turnedAwayCounter(kind));
    }
  }

  @Override
  public void ended(RequestRecord request) {
    SiteId site = request.served() == null ? null : request.served().site();
    Ending ending =
        new Ending(request.tenant(), request.model(), request.workload(), request.outcome(), site);
    requests.computeIfAbsent(ending, this::requestCounter).increment();
    if (isAnswered(request) && site != null && isPartner.test(site)) {
      spilled.computeIfAbsent(ending, this::spilledCounter).increment();
    }
    for (FailedAttempt failed : request.failures()) {
      Failing failing = new Failing(failed.failure().kind(), failed.at().site());
      failures.computeIfAbsent(failing, this::failureCounter).increment();
    }
    if (request.continuations() > 0) {
      continuations
          .computeIfAbsent(ending, this::continuationCounter)
          .increment(request.continuations());
    }
    work.computeIfAbsent(new Work(request.operation(), request.model()), this::workMeters)
        .tell(request);
  }

  @Override
  public void turnedAway(ErrorKind why) {
    Objects.requireNonNull(turnedAway.get(why), "a kind without a counter").increment();
  }

  /** Shows how many lines the request log has dropped; {@code dropped} only ever grows. */
  public void showDropped(LongSupplier dropped) {
    // The registry is the object, held weakly; the function, held strongly, is what counts.
    FunctionCounter.builder(MeterNames.LOG_DROPPED, registry, _ -> dropped.getAsLong())
        .description("Lines that the request log dropped because it could not be written in time")
        .register(registry);
  }

  /** Shows what the bodies of requests take, and how often there was no room for one. */
  public void showBodies(LongSupplier takenBytes, LongSupplier refused) {
    Gauge.builder(MeterNames.BODY_MEMORY, takenBytes::getAsLong)
        .description("Bodies of requests, from their first byte until their answer is over")
        .baseUnit("bytes")
        .strongReference(true)
        .register(registry);
    // As above.
    FunctionCounter.builder(MeterNames.UNREAD, registry, _ -> refused.getAsLong())
        .description("Requests that were refused because body-memory was used up")
        .register(registry);
  }

  /**
   * Shows what is kept so that answers can be continued, and how often there was no room for it.
   */
  public void showContinuations(ContinuationMemory memory) {
    Gauge.builder(MeterNames.CONTINUATION_MEMORY, memory, ContinuationMemory::takenBytes)
        .description("Text of answers under way, kept so that they can be continued elsewhere")
        .baseUnit("bytes")
        .strongReference(true)
        .register(registry);
    FunctionCounter.builder(MeterNames.UNKEPT, memory, ContinuationMemory::unkept)
        .description("Answers whose text was let go because continuation-memory was used up")
        .register(registry);
  }

  /** Shows what is held of answers that do not stream, and how often there was no room for it. */
  public void showAnswers(AnswerMemory memory) {
    Gauge.builder(MeterNames.ANSWER_MEMORY, memory, AnswerMemory::takenBytes)
        .description("Answers that are held until all of them is there")
        .baseUnit("bytes")
        .strongReference(true)
        .register(registry);
    FunctionCounter.builder(MeterNames.UNHELD, memory, AnswerMemory::refused)
        .description("Answers that were refused because answer-memory was used up")
        .register(registry);
  }

  private record Work(String operation, ModelName model) {}

  private record Ending(
      TenantId tenant,
      ModelName model,
      WorkloadClass workload,
      Outcome outcome,
      @Nullable SiteId site) {}

  private record Failing(AttemptFailure.Kind kind, SiteId site) {}

  /** What is measured of one kind of work. */
  private record WorkMeters(
      DistributionSummary input,
      DistributionSummary output,
      Timer duration,
      Timer firstToken,
      Timer perToken) {
    void tell(RequestRecord request) {
      duration.record(request.nanosInAll(), NANOSECONDS);
      if (!isAnswered(request)) {
        return;
      }
      long tokens = request.usage().outputTokens();
      input.record((double) request.usage().inputTokens());
      output.record((double) tokens);
      if (request.nanosToFirstToken() >= 0) {
        firstToken.record(request.nanosToFirstToken(), NANOSECONDS);
        if (tokens > 1) {
          long decoding = request.nanosInAll() - request.nanosToFirstToken();
          perToken.record(decoding / (tokens - 1), NANOSECONDS);
        }
      }
    }
  }

  /** Also one that was cut, or left by its client after its first token: it was worked on. */
  private static boolean isAnswered(RequestRecord request) {
    return request.outcome() == Outcome.WHOLE || request.nanosToFirstToken() >= 0;
  }

  private WorkMeters workMeters(Work of) {
    return new WorkMeters(
        tokens(of, "input"),
        tokens(of, "output"),
        timer(of, MeterNames.DURATION, DURATION_BUCKETS),
        timer(of, MeterNames.FIRST_TOKEN, FIRST_TOKEN_BUCKETS),
        timer(of, MeterNames.PER_TOKEN, PER_TOKEN_BUCKETS));
  }

  private DistributionSummary tokens(Work of, String type) {
    return DistributionSummary.builder(MeterNames.TOKENS)
        .baseUnit("tokens")
        .tag(MeterNames.OPERATION, operationName(of))
        .tag(MeterNames.REQUEST_MODEL, of.model().value())
        .tag(MeterNames.TOKEN_TYPE, type)
        .serviceLevelObjectives(TOKEN_BUCKETS)
        .register(registry);
  }

  private Timer timer(Work of, String name, Duration[] buckets) {
    return Timer.builder(name)
        .tag(MeterNames.OPERATION, operationName(of))
        .tag(MeterNames.REQUEST_MODEL, of.model().value())
        .serviceLevelObjectives(buckets)
        .register(registry);
  }

  private Counter requestCounter(Ending of) {
    return Counter.builder(MeterNames.REQUESTS)
        .tag(MeterNames.TENANT, of.tenant().value())
        .tag(MeterNames.MODEL, of.model().value())
        .tag(MeterNames.CLASS, of.workload().label())
        .tag(MeterNames.OUTCOME, label(of.outcome()))
        .tag(MeterNames.SITE, of.site() == null ? MeterNames.NO_SITE : of.site().value())
        .register(registry);
  }

  private Counter spilledCounter(Ending of) {
    return Counter.builder(MeterNames.SPILLED)
        .description("Requests that a partner's site answered")
        .tag(MeterNames.TENANT, of.tenant().value())
        .tag(MeterNames.MODEL, of.model().value())
        .tag(MeterNames.CLASS, of.workload().label())
        .tag(MeterNames.SITE, of.site() == null ? MeterNames.NO_SITE : of.site().value())
        .register(registry);
  }

  private Counter continuationCounter(Ending of) {
    return Counter.builder(MeterNames.CONTINUATIONS)
        .description("Answers that broke off and were gone on with")
        .tag(MeterNames.MODEL, of.model().value())
        .tag(MeterNames.OUTCOME, label(of.outcome()))
        .tag(MeterNames.SITE, of.site() == null ? MeterNames.NO_SITE : of.site().value())
        .register(registry);
  }

  private Counter turnedAwayCounter(ErrorKind why) {
    return Counter.builder(MeterNames.TURNED_AWAY)
        .description("Requests that were not let in")
        .tag(MeterNames.KIND, label(why))
        .tag(MeterNames.STATUS, Integer.toString(why.status()))
        .register(registry);
  }

  private Counter failureCounter(Failing of) {
    return Counter.builder(MeterNames.FAILURES)
        .tag(MeterNames.KIND, label(of.kind()))
        .tag(MeterNames.SITE, of.site().value())
        .register(registry);
  }

  /** OpenTelemetry calls chat completions {@code chat}. */
  private static String operationName(Work of) {
    return of.operation().equals("chat/completions") ? "chat" : of.operation();
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Duration[] millis(long... bounds) {
    return LongStream.of(bounds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
