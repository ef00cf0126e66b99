package dev.spillway.core.dispatch;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Usage;
import dev.spillway.core.policy.DeploymentSet;
import dev.spillway.core.policy.RandomContract;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.quota.Demand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A driver that lets happen whatever the protocol of {@link Dispatcher} allows, at random: requests
 * that overlap, failures of every kind, hedges, answers that break off and go on elsewhere, engines
 * that report anything, clients that leave, waits that end early, and time that stands still or
 * jumps past the dates of the contract.
 */
final class RandomDrive {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final RandomGenerator random;
  private final RandomContract made;
  private final Dispatcher dispatcher;
  private final ContractJudge judge;
  private final RandomFacts facts;

  private final List<Running> running = new ArrayList<>();
  private final IdentityHashMap<Journey, DeploymentSet> resumed = new IdentityHashMap<>();
  private final List<Journey> backingOff = new ArrayList<>();
  private final List<Journey> waiting = new ArrayList<>();
  private long nowNanos;
  private int attempts;
  private int retries;
  private int hedges;
  private int continuations;

  private record Running(Journey journey, int number, int deployment, long begun) {}

  RandomDrive(
      RandomGenerator random, RandomContract made, Dispatcher dispatcher, ContractJudge judge) {
    this.random = random;
    this.made = made;
    this.dispatcher = dispatcher;
    this.judge = judge;
    this.facts = new RandomFacts(random, made);
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

  /** How many were made beside another. */
  int hedges() {
    return hedges;
  }

  /** How many went on with an answer that had broken off. */
  int continuations() {
    return continuations;
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
    Journey journey = facts.journey(nowNanos);
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
        retries += attempt.number() > 1 ? 1 : 0;
        begins(journey, attempt);
      }
      case NextStep.Wait wait -> await(journey, wait);
      case NextStep.Forbidden _ -> {
        judge.forbidden(journey.ask(), second(journey));
        dispatcher.left(journey, nowNanos);
      }
      case NextStep.NoCapacity _, NextStep.OverLimit _ -> dispatcher.left(journey, nowNanos);
      case NextStep.GiveUp _ -> dispatcher.left(journey, nowNanos);
    }
  }

  private void begins(Journey journey, NextStep.Attempt attempt) {
    attempts++;
    judge.attempt(journey.ask(), attempt, second(journey));
    DeploymentSet able = resumed.get(journey);
    if (able != null) {
      continuations++;
      judge.continuation(attempt, able);
    }
    running.add(new Running(journey, attempt.number(), attempt.deployment(), second(journey)));
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
    switch (random.nextInt(9)) {
      case 0 -> report();
      case 1 -> dispatcher.release(nowNanos, this::carryOut);
      case 2 -> waiterLeaves();
      case 3 -> backoffIsOver();
      case 4 -> isLate();
      default -> attemptGoesOn();
    }
  }

  private void isLate() {
    if (!running.isEmpty()) {
      Journey journey = running.get(random.nextInt(running.size())).journey;
      dispatcher
          .hedge(journey, nowNanos)
          .ifPresent(hedge -> {
            hedges++;
            begins(journey, hedge);
          });
    }
  }

  private void attemptGoesOn() {
    if (running.isEmpty()) {
      return;
    }
    Running attempt = running.remove(random.nextInt(running.size()));
    Journey journey = attempt.journey;
    Usage usage = consumed(attempt);
    boolean content = random.nextInt(3) == 0;
    if (content) {
      dispatcher.firstContent(journey, attempt.number, nowNanos);
      abandonThoseBeside(journey);
    }
    switch (random.nextInt(6)) {
      case 0 -> {
        dispatcher.abandoned(journey, attempt.number, usage, nowNanos);
        leaves(journey);
      }
      case 1, 2 -> {
        dispatcher.failed(journey, attempt.number, facts.failure(), usage, nowNanos);
        goesOn(journey, content);
      }
      default -> {
        Pauses pauses =
            new Pauses(random.nextLong(NANOS_PER_SECOND), random.nextLong(NANOS_PER_SECOND));
        dispatcher.finished(journey, attempt.number, usage, pauses, nowNanos);
        leaves(journey);
      }
    }
  }

  private void goesOn(Journey journey, boolean content) {
    if (running.stream().anyMatch(beside(journey))) {
      return;
    }
    if (content || resumed.containsKey(journey)) {
      if (random.nextInt(4) == 0) {
        leaves(journey);
        return;
      }
      DeploymentSet able = facts.someDeployments();
      resumed.put(journey, able);
      long input = journey.shape().inputTokens() + random.nextLong(500);
      dispatcher.resumeFrom(journey, new Remainder(able, new Demand(input, random.nextLong(900))));
    }
    carryOut(journey, dispatcher.next(journey, nowNanos));
  }

  private void leaves(Journey journey) {
    abandonThoseBeside(journey);
    dispatcher.left(journey, nowNanos);
  }

  private void abandonThoseBeside(Journey journey) {
    for (Running beside : running.stream().filter(beside(journey)).toList()) {
      running.remove(beside);
      dispatcher.abandoned(journey, beside.number, consumed(beside), nowNanos);
    }
  }

  private static Predicate<Running> beside(Journey journey) {
    return each -> each.journey == journey;
  }

  /** What an attempt used, told to the judge. */
  private Usage consumed(Running attempt) {
    Usage usage = facts.usage(attempt.journey);
    judge.consumed(attempt.deployment, usage, attempt.begun, second(attempt.journey));
    return usage;
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

  /** The second it is for a request: when it came, and what went by since. */
  private long second(Journey journey) {
    return journey.arrivedEpochSecond() + (nowNanos - journey.arrivedNanos()) / NANOS_PER_SECOND;
  }
}
