package dev.spillway.simulator.engine;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The replicas of one deployment; a new sequence goes to the one with the least pending.
 *
 * <p>Pending is counted as vLLM's data-parallel balancer does: a waiting sequence weighs as much as
 * four running ones. Of equals the first is taken.
 *
 * <p>Not thread-safe.
 */
public final class ReplicaSet {
  private static final int WAITING_WEIGHT = 4;

  private final List<Replica> replicas;

  /**
   * Replicas of one deployment.
   *
   * @param replicas at least one
   */
  public ReplicaSet(List<Replica> replicas) {
    if (replicas.isEmpty()) {
      throw new IllegalArgumentException("replicas: none (expected: >= 1)");
    }
    this.replicas = List.copyOf(replicas);
  }

  /** So many replicas, exactly as fast as their profile says; {@code count} at least 1. */
  public static ReplicaSet asProfiled(EngineProfile profile, int count) {
    return new ReplicaSet(Stream.generate(() -> new Replica(profile, 1)).limit(count).toList());
  }

  /**
   * So many replicas, each faster or slower than its profile by a random share that is fixed for
   * its life.
   *
   * @param count at least 1
   * @param perturbation the largest share, at least 0 and less than 1; 0.2 gives factors from 0.8
   *     to 1.2
   */
  public static ReplicaSet perturbed(
      EngineProfile profile, int count, double perturbation, RandomGenerator random) {
    if (!(perturbation >= 0 && perturbation < 1)) {
      throw new IllegalArgumentException(
          "perturbation: " + perturbation + " (expected: >= 0 and < 1)");
    }
    return new ReplicaSet(
        Stream.generate(() -> 1 + perturbation * (2 * random.nextDouble() - 1))
            .limit(count)
            .map(factor -> new Replica(profile, factor))
            .toList());
  }

  /**
   * Gives a sequence to the replica with the least pending.
   *
   * @throws IllegalArgumentException if it is longer than the profile allows
   */
  public void submit(Sequence sequence, long nowNanos) {
    Replica best = replicas.getFirst();
    for (int i = 1; i < replicas.size(); i++) {
      Replica other = replicas.get(i);
      if (pending(other) < pending(best)) {
        best = other;
      }
    }
    best.submit(sequence, nowNanos);
  }

  /** Whether it is no longer than the profile allows. */
  public boolean takes(Sequence sequence) {
    return replicas.getFirst().takes(sequence);
  }

  /** Gives a sequence up, wherever it is; does nothing if it has ended or was never submitted. */
  public void cancel(Sequence sequence) {
    Replica replica = sequence.replica();
    if (replica != null) {
      replica.cancel(sequence);
    }
  }

  /** When the next iteration of any replica ends, or {@link Replica#IDLE}. */
  public long nextIterationEndsAt() {
    long next = Replica.IDLE;
    for (int i = 0; i < replicas.size(); i++) {
      next = Math.min(next, replicas.get(i).nextIterationEndsAt());
    }
    return next;
  }

  /** Completes every iteration that has ended by now, in the order of their ends. */
  public void advanceTo(long nowNanos) {
    for (long next = nextIterationEndsAt(); next <= nowNanos; next = nextIterationEndsAt()) {
      for (int i = 0; i < replicas.size(); i++) {
        if (replicas.get(i).nextIterationEndsAt() == next) {
          replicas.get(i).completeIteration();
        }
      }
    }
  }

  /**
   * The number of the replica that a sequence was given to, from 0.
   *
   * @throws IllegalArgumentException if it was never submitted here
   */
  public int numberOf(Sequence sequence) {
    int number = replicas.indexOf(sequence.replica());
    if (number < 0) {
      throw new IllegalArgumentException("sequence: " + sequence.state() + " (expected: ours)");
    }
    return number;
  }

  /** The replicas, in the order of their numbers. */
  public List<Replica> replicas() {
    return replicas;
  }

  private static int pending(Replica replica) {
    return WAITING_WEIGHT * replica.waiting() + replica.running();
  }
}
