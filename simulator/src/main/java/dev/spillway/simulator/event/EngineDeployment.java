package dev.spillway.simulator.event;

import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.simulator.engine.ProvisionedBucket;
import dev.spillway.simulator.engine.Replica;
import dev.spillway.simulator.engine.ReplicaSet;
import dev.spillway.simulator.engine.Sequence;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A deployment made of engines of the performance model, a network in front of them and, if it is
 * provisioned, a bucket before both.
 */
final class EngineDeployment implements SimulatedDeployment {
  private final VirtualTime time;
  private final ReplicaSet replicas;
  private final @Nullable ProvisionedBucket bucket;
  private final long oneWayNanos;
  private final Set<EngineAttempt> underWay = new LinkedHashSet<>();

  private VirtualTime.@Nullable Event nextIteration;
  private boolean failing;

  /**
   * Idle engines.
   *
   * @param bucket what refuses; null if nothing does
   * @param roundTrip network time from the hub and back, at least 0
   */
  EngineDeployment(
      VirtualTime time,
      ReplicaSet replicas,
      @Nullable ProvisionedBucket bucket,
      Duration roundTrip) {
    this.time = time;
    this.replicas = replicas;
    this.bucket = bucket;
    this.oneWayNanos = roundTrip.toNanos() / 2;
  }

  @Override
  public Attempt submit(long inputTokens, int outputTokens, Listener listener) {
    EngineAttempt attempt = new EngineAttempt(Math.toIntExact(inputTokens), outputTokens, listener);
    underWay.add(attempt);
    time.in(oneWayNanos, attempt::reachEngine);
    return attempt;
  }

  @Override
  public Optional<EngineReport> report() {
    if (failing || bucket != null) {
      return Optional.empty();
    }
    List<Replica> all = replicas.replicas();
    return Optional.of(
        new EngineReport(
            all.stream().mapToInt(Replica::running).sum(),
            all.stream().mapToInt(Replica::waiting).sum(),
            all.stream().mapToDouble(Replica::kvUse).average().orElse(0),
            all.size()));
  }

  @Override
  public void fail() {
    failing = true;
    for (EngineAttempt attempt : List.copyOf(underWay)) {
      attempt.breakOff();
    }
  }

  @Override
  public void restart() {
    failing = false;
  }

  private void advance() {
    replicas.advanceTo(time.nowNanos());
    scheduleIteration();
  }

  private void scheduleIteration() {
    if (nextIteration != null) {
      nextIteration.cancel();
      nextIteration = null;
    }
    long next = replicas.nextIterationEndsAt();
    if (next != Replica.IDLE) {
      nextIteration = time.at(next, this::advance);
    }
  }

  /** From the hub to the engine and back; what it says arrives half a round trip later. */
  private final class EngineAttempt implements Attempt {
    private final Listener listener;
    private final Sequence sequence;
    private ProvisionedBucket.Arrival.@Nullable Admitted admitted;
    private boolean hasContent;
    private boolean over;
    private boolean cancelled;

    EngineAttempt(int inputTokens, int outputTokens, Listener listener) {
      this.listener = listener;
      this.sequence = new Sequence(inputTokens, 0, outputTokens, this::token);
    }

    @Override
    public void cancel() {
      cancelled = true;
      if (!over) {
        end();
        time.in(oneWayNanos, this::stopEngine);
      }
    }

    private void reachEngine() {
      if (over) {
        return;
      }
      if (failing) {
        breakOff();
      } else if (!replicas.takes(sequence)) {
        end();
        fail(AttemptFailure.Kind.CONTEXT_TOO_LONG, "400 to more tokens than it holds", null);
      } else if (bucket == null || admits(bucket)) {
        replicas.submit(sequence, time.nowNanos());
        scheduleIteration();
      }
    }

    private boolean admits(ProvisionedBucket provisioned) {
      long now = time.nowNanos();
      return switch (provisioned.arrive(sequence.inputTokens(), sequence.outputTokens(), now)) {
        case ProvisionedBucket.Arrival.Admitted let -> {
          admitted = let;
          yield true;
        }
        case ProvisionedBucket.Arrival.Refused(var retryAfter) -> {
          end();
          fail(AttemptFailure.Kind.RATE_LIMITED, "429 from a full bucket", retryAfter);
          yield false;
        }
      };
    }

    private void token(Sequence made, long nowNanos) {
      if (made.generatedTokens() == 1) {
        time.at(nowNanos + oneWayNanos, this::tellFirst);
      }
      if (made.generatedTokens() == made.outputTokens()) {
        settleBucket();
        time.at(nowNanos + oneWayNanos, this::tellFinished);
      }
    }

    private void tellFirst() {
      if (!over) {
        hasContent = true;
        listener.firstToken();
      }
    }

    private void tellFinished() {
      if (!over) {
        end();
        listener.finished();
      }
    }

    private void breakOff() {
      end();
      stopEngine();
      if (hasContent) {
        fail(AttemptFailure.Kind.STREAM_BROKEN, "the connection closed in mid-answer", null);
      } else {
        fail(AttemptFailure.Kind.UNREACHABLE, "the connection was refused", null);
      }
    }

    private void fail(AttemptFailure.Kind kind, String message, @Nullable Duration retryAfter) {
      AttemptFailure failure = new AttemptFailure(kind, message, retryAfter);
      time.in(
          oneWayNanos,
          () -> {
            if (!cancelled) {
              listener.failed(failure);
            }
          });
    }

    private void stopEngine() {
      replicas.cancel(sequence);
      settleBucket();
      scheduleIteration();
    }

    private void settleBucket() {
      if (bucket != null && admitted != null) {
        bucket.complete(
            admitted, sequence.inputTokens(), sequence.generatedTokens(), time.nowNanos());
        admitted = null;
      }
    }

    private void end() {
      over = true;
      underWay.remove(this);
    }
  }
}
