package dev.spillway.core.dispatch;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.Usage;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.RandomContract;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.retry.AttemptFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A driver that lets happen whatever the protocol of {@link Dispatcher} allows, at random: requests
 * that overlap, failures of every kind, engines that report anything, clients that leave, waits
 * that end early, and time that stands still or jumps past the dates of the contract.
 */
final class RandomDrive {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final Duration DEADLINE = Objective.DEFAULT.deadline();

  private final RandomGenerator random;
  private final RandomContract made;
  private final Dispatcher dispatcher;
  private final ContractJudge judge;
  private final long firstSecond;

  private final List<Running> running = new ArrayList<>();
  private final List<Journey> backingOff = new ArrayList<>();
  private final List<Journey> waiting = new ArrayList<>();
  private long nowNanos;
  private int attempts;
  private int retries;

  private record Running(Journey journey, int number, int deployment, long begun) {}

  RandomDrive(
      RandomGenerator random, RandomContract made, Dispatcher dispatcher, ContractJudge judge) {
    this.random = random;
    this.made = made;
    this.dispatcher = dispatcher;
    this.judge = judge;
    this.firstSecond = made.second();
  }

  /** Drives as many requests to their ends. */
  void run(int requests) {
    for (int i = 0; i < requests; i++) {
      elapse();
      arrive();
      while (random.nextInt(4) > 0) {
        somethingHappens();
      }
    }
    while (!running.isEmpty() || !backingOff.isEmpty() || !waiting.isEmpty()) {
      elapse();
      somethingHappens();
    }
  }

  /** How many attempts there were. */
  int attempts() {
    return attempts;
  }

  /** How many of them were not the first of their request. */
  int retries() {
    return retries;
  }

  private void elapse() {
    nowNanos +=
        switch (random.nextInt(20)) {
          case 0 -> random.nextLong(Duration.ofDays(40).toNanos());
          case 1, 2, 3, 4 -> random.nextLong(Duration.ofSeconds(20).toNanos());
          default -> random.nextLong(Duration.ofMillis(50).toNanos());
        };
  }

  private void arrive() {
    Ask ask = made.ask();
    // On the full second, so that all requests agree on when the next one begins.
    long seconds = nowNanos / NANOS_PER_SECOND;
    var shape =
        new RequestShape(
            random.nextLong(5_000),
            random.nextBoolean() ? 0 : random.nextLong(2_000),
            random.nextInt(3),
            any(List.of(RequestShape.Answer.values())));
    var journey =
        new Journey(
            ask,
            tenant(ask),
            Objective.DEFAULT,
            shape,
            seconds * NANOS_PER_SECOND,
            firstSecond + seconds,
            nowNanos + random.nextLong(DEADLINE.toNanos()));
    switch (dispatcher.admit(journey, nowNanos)) {
      case Admission.Admitted _ -> carryOut(journey, dispatcher.next(journey, nowNanos));
      case Admission.Rejected _ -> dispatcher.left(journey, nowNanos);
      case Admission.Queued _ -> throw new IllegalStateException("queued at the door");
    }
  }

  private void carryOut(Journey journey, NextStep step) {
    waiting.remove(journey);
    switch (step) {
      case NextStep.Attempt attempt -> {
        attempts++;
        retries += attempt.number() > 1 ? 1 : 0;
        judge.attempt(journey.ask(), attempt, second(journey));
        running.add(new Running(journey, attempt.number(), attempt.deployment(), second(journey)));
      }
      case NextStep.Wait wait -> await(journey, wait);
      case NextStep.Forbidden _ -> {
        judge.forbidden(journey.ask(), second(journey));
        dispatcher.left(journey, nowNanos);
      }
      case NextStep.NoCapacity _ -> dispatcher.left(journey, nowNanos);
      case NextStep.GiveUp _ -> dispatcher.left(journey, nowNanos);
    }
  }

  private void await(Journey journey, NextStep.Wait wait) {
    switch (wait.where()) {
      case BACKOFF -> backingOff.add(journey);
      case WAITING_ROOM -> {
        switch (dispatcher.enqueue(journey, wait, nowNanos)) {
          case Admission.Queued _, Admission.Admitted _ -> waiting.add(journey);
          case Admission.Rejected _ -> dispatcher.left(journey, nowNanos);
        }
      }
    }
  }

  private void somethingHappens() {
    switch (random.nextInt(8)) {
      case 0 -> report();
      case 1 -> dispatcher.release(nowNanos, this::carryOut);
      case 2 -> waiterLeaves();
      case 3 -> backoffIsOver();
      default -> attemptGoesOn();
    }
  }

  private void attemptGoesOn() {
    if (running.isEmpty()) {
      return;
    }
    Running attempt = running.remove(random.nextInt(running.size()));
    Journey journey = attempt.journey;
    Usage usage = usage(journey);
    judge.consumed(attempt.deployment, usage, attempt.begun, second(journey));
    boolean content = random.nextInt(3) == 0;
    if (content) {
      dispatcher.firstContent(journey, attempt.number, nowNanos);
    }
    switch (random.nextInt(6)) {
      case 0 -> {
        dispatcher.abandoned(journey, attempt.number, usage, nowNanos);
        dispatcher.left(journey, nowNanos);
      }
      case 1, 2 -> {
        dispatcher.failed(journey, attempt.number, failure(), usage, nowNanos);
        if (content) {
          dispatcher.left(journey, nowNanos);
        } else {
          carryOut(journey, dispatcher.next(journey, nowNanos));
        }
      }
      default -> {
        dispatcher.finished(
            journey, attempt.number, usage, random.nextLong(NANOS_PER_SECOND), nowNanos);
        dispatcher.left(journey, nowNanos);
      }
    }
  }

  private void backoffIsOver() {
    if (!backingOff.isEmpty()) {
      Journey journey = backingOff.remove(random.nextInt(backingOff.size()));
      carryOut(journey, dispatcher.next(journey, nowNanos));
    }
  }

  private void waiterLeaves() {
    if (!waiting.isEmpty()) {
      Journey journey = waiting.remove(random.nextInt(waiting.size()));
      dispatcher.leaveWaitingRoom(journey, nowNanos);
      dispatcher.left(journey, nowNanos);
    }
  }

  private void report() {
    int deployment = random.nextInt(made.topology().deployments().size());
    if (made.topology().deployments().get(deployment).capacity()
        instanceof Capacity.SelfHosted(int replicas, _, _)) {
      dispatcher.report(
          deployment,
          new EngineReport(random.nextInt(64), random.nextInt(8), random.nextDouble(), replicas),
          nowNanos);
    }
  }

  private AttemptFailure failure() {
    @Nullable Duration retryAfter =
        random.nextInt(3) == 0 ? Duration.ofMillis(random.nextInt(30_000)) : null;
    return new AttemptFailure(any(List.of(AttemptFailure.Kind.values())), "at random", retryAfter);
  }

  private Usage usage(Journey journey) {
    long input = journey.shape().inputTokens();
    return new Usage(
        input, random.nextLong(input + 1), random.nextLong(2_000), Usage.Source.PROVIDER);
  }

  /** A stranger too has what the gateway would make of it; only the contract does not know it. */
  private Tenant tenant(Ask ask) {
    return made.tenants().stream()
        .filter(tenant -> tenant.id().equals(ask.tenant()))
        .findFirst()
        .orElseGet(() ->
            new Tenant(
                ask.tenant(),
                List.of(ask.workload()),
                Priority.NORMAL,
                List.of(),
                List.of(),
                List.of(),
                TenantLimits.NONE));
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** The second it is for a request: when it came, and what went by since. */
  private long second(Journey journey) {
    return journey.arrivedEpochSecond() + (nowNanos - journey.arrivedNanos()) / NANOS_PER_SECOND;
  }
}
