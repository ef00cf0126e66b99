package dev.spillway.core.dispatch;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.Usage;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.quota.StatedCapacity;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.routing.Presence;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Every decision about requests: the one thing that the gateway and the simulator drive.
 *
 * <p>A driver tells what happened and when, and does what it is told. For one journey the calls are
 *
 * <pre>
 *   admit  next  (hedge)  stated? firstContent?  (finished | failed | abandoned)   of each attempt
 *                                        after failed, nothing under way and nothing shown: next
 *                                        after failed, something shown: resumeFrom, then next
 * </pre>
 *
 * <p>{@code next} and {@code hedge} reserve; exactly one of {@code finished}, {@code failed} and
 * {@code abandoned} ends each attempt, called by its number, and gives the reservation back. A
 * journey that {@code admit} turned away, or that {@code next} refused, needs no further call but
 * {@link #left}.
 *
 * <p>Of two attempts under way the one whose content comes first is the answer: {@code
 * firstContent} for it, {@code abandoned} for the other. If one of them fails the other goes on,
 * and {@code next} is asked only when both have.
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
   * What to do next: after {@link #admit}; after {@link #failed}, if nothing is under way and the
   * client has no content yet or {@link #resumeFrom} was called; and when a wait is over. Policy is
   * asked anew every time.
   */
  NextStep next(Journey journey, long nowNanos);

  /**
   * A second attempt beside a late first one: at another deployment that the contract allows, that
   * takes it now and is expected to answer sooner than the first is. Empty if there is none, if the
   * hedging budget of the late deployment is used up, if others wait for the same room, or if it
   * came too late: the first has content, or is over.
   */
  Optional<NextStep.Attempt> hedge(Journey journey, long nowNanos);

  /**
   * The answer broke off after the client had seen some of it, and nothing is under way: from now
   * on {@link #next} looks for somebody to go on with the rest. A journey that has used all its
   * attempts gets one more, once.
   */
  void resumeFrom(Journey journey, Remainder remainder);

  /** With the answer to an attempt, its provider stated what it could still take. */
  void stated(Journey journey, int attempt, StatedCapacity what, long nowNanos);

  /** The first content token of an attempt is here, and is the client's. */
  void firstContent(Journey journey, int attempt, long nowNanos);

  /**
   * An attempt gave a whole answer, or the rest of one.
   *
   * @param pauses when nothing came of it
   */
  void finished(Journey journey, int attempt, Usage usage, Pauses pauses, long nowNanos);

  /** An attempt failed; {@code usage} is what it consumed all the same. */
  void failed(Journey journey, int attempt, AttemptFailure failure, Usage usage, long nowNanos);

  /**
   * An attempt was cancelled: the client left, the deadline passed, or another attempt was faster.
   */
  void abandoned(Journey journey, int attempt, Usage usage, long nowNanos);

  /** The request is over, however it ended; gives back what {@link #admit} took. Once a journey. */
  void left(Journey journey, long nowNanos);

  /** The engines of a self-hosted deployment said how they are. */
  void report(int deployment, EngineReport report, long nowNanos);

  /**
   * Somebody measured one replica of a deployment with nothing else to do: believed from now on,
   * until requests teach better.
   */
  void measured(int deployment, Speed speed);

  /**
   * The engines of a deployment said the longest input and output together that they take; 0 if
   * they do not say. Holds where it is less than the configuration's bound.
   */
  void takes(int deployment, int contextTokens);

  /**
   * It became known whether anybody is at a deployment; until told otherwise somebody is. One that
   * is back takes a growing share of requests at first, unless nobody else can take them.
   */
  void presence(int deployment, Presence told, long nowNanos);

  /**
   * Queues a request that was told to wait in the waiting room; call {@link #release} soon after,
   * as it may be its turn already. One that nothing but others kept from a deployment, and for
   * which the room is full, is queued until then all the same: it goes where nobody waits, or is
   * refused. {@link Admission.Admitted} is never its answer. Waiting room's loop only.
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
