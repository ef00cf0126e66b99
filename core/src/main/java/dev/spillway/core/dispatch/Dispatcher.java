package dev.spillway.core.dispatch;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.model.Usage;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.retry.AttemptFailure;
import java.util.function.BiConsumer;

/**
 * Every decision about requests: the one thing that the gateway and the simulator drive.
 *
 * <p>A driver tells what happened and when, and does what it is told. For one journey the calls are
 *
 * <pre>
 *   admit  (next (failed next)* firstContent? (finished | failed | abandoned))
 * </pre>
 *
 * <p>{@code next} reserves; exactly one of {@code finished}, {@code failed} and {@code abandoned}
 * ends each attempt and gives the reservation back. A journey that {@code admit} turned away, or
 * that {@code next} refused, needs no further call but {@link #left}.
 *
 * <p>Threads: every method may be called from any event loop, except those of the waiting room
 * ({@link #enqueue}, {@link #release}, {@link #leaveWaitingRoom}), which belong to one. What loops
 * share is stepped by compare-and-set. {@code nowNanos} is a monotonic clock, the same one in every
 * call.
 */
public interface Dispatcher {
  /**
   * At the door: the tenant's limits; estimates what the request will use, once and for all. {@link
   * Admission.Queued} is never its answer.
   */
  Admission admit(Journey journey, long nowNanos);

  /**
   * What to do next: after {@link #admit}, after {@link #failed} if the client has no content yet,
   * and when a wait is over. Policy is asked anew every time.
   */
  NextStep next(Journey journey, long nowNanos);

  /** The first content token of the current attempt is here. */
  void firstContent(Journey journey, long nowNanos);

  /** The current attempt gave a whole answer. */
  void finished(Journey journey, Usage usage, long nowNanos);

  /** The current attempt failed; {@code usage} is what it consumed all the same. */
  void failed(Journey journey, AttemptFailure failure, Usage usage, long nowNanos);

  /** The client left, or the deadline passed, during the current attempt; it was cancelled. */
  void abandoned(Journey journey, Usage usage, long nowNanos);

  /** The request is over, however it ended; gives back what {@link #admit} took. Once a journey. */
  void left(Journey journey, long nowNanos);

  /** The engines of a self-hosted deployment said how they are. */
  void report(int deployment, EngineReport report, long nowNanos);

  /**
   * Queues a request that was told to wait in the waiting room; call {@link #release} soon after,
   * as it may be its turn already. {@link Admission.Admitted} is never its answer. Waiting room's
   * loop only.
   */
  Admission enqueue(Journey journey, NextStep.Wait wait, long nowNanos);

  /**
   * Lets go, in order, those whose turn it is: each with the step it is to take (an attempt, or a
   * refusal when its deadline came too near). Call it when something ended, when a report came, and
   * at the time it answers. Waiting room's loop only.
   *
   * @return when to call again at the latest, on the monotonic clock; {@link Long#MAX_VALUE} if
   *     nothing waits
   */
  long release(long nowNanos, BiConsumer<Journey, NextStep> carryOut);

  /** Takes a request out of the waiting room: its client left. Waiting room's loop only. */
  void leaveWaitingRoom(Journey journey, long nowNanos);

  /** Requests in the waiting room, for any thread to read: 0 spares a hop. */
  int waiting();

  /** How one deployment is doing now, for metrics and people. */
  DeploymentStatus status(int deployment, long nowNanos);
}
