package dev.spillway.core.routing;

import dev.spillway.core.health.AdmissionState;
import dev.spillway.core.quota.EngineSeats;

/**
 * What a decision needs to know of a deployment, worked out when something changes there, so that a
 * decision about a hundred of them reads one record each and not thirty.
 *
 * <p>Time goes on without an event. What depends on it is here as the instant from which on the
 * rest holds; before that instant, and wherever a rule may be in the way, {@link LiveDeployment}
 * looks at the parts themselves.
 *
 * @param well whether nothing but room may be in the way of a request
 * @param roomFromNanos when there is room for one no larger than {@code mostTokens}
 * @param mostTokens input and output tokens that find room then
 * @param readFromNanos when every prompt will have been read whose first token nobody sees
 * @param queueMillis what is ahead of a request from then on
 * @param baseMillis the fixed part of reading its input
 * @param millisPerToken what each token of it adds
 * @param tpotMillis time per output token in the batch that it would join
 * @param freshUntilNanos until when nothing is added for the age of its engines' last report
 * @param reportEndsNanos when what they said in it is forgotten, which changes the rest
 * @param contextTokens the longest input and output together that its engines say they take
 */
record Outlook(
    boolean well,
    long roomFromNanos,
    long mostTokens,
    long readFromNanos,
    double queueMillis,
    double baseMillis,
    double millisPerToken,
    double tpotMillis,
    long freshUntilNanos,
    long reportEndsNanos,
    int contextTokens) {
  static Outlook of(Parts parts) {
    int replicas = replicas(parts);
    double batch = batch(parts, replicas);
    double pending = (double) parts.load.pendingTokens() / replicas;
    return new Outlook(
        isWell(parts),
        roomFromNanos(parts),
        Math.min(parts.headroom.mostTokens(), parts.quotas.leftTokens()),
        parts.load.unseen().readAtNanos(),
        parts.firstToken.queueMillis(pending, batch),
        parts.firstToken.baseMillis(),
        parts.firstToken.millisPerToken(),
        parts.decode.tpotMillis(batch + 1.0 / replicas),
        parts.freshUntilNanos(),
        parts.reportEndsNanos(),
        parts.contextTokens());
  }

  /** Replicas that share the load, as far as anybody knows. */
  static int replicas(Parts parts) {
    return parts.headroom instanceof EngineSeats seats ? seats.replicas() : 1;
  }

  /** Sequences a replica is decoding. */
  static double batch(Parts parts, int replicas) {
    int sequences =
        parts.headroom instanceof EngineSeats seats ? seats.sequences() : parts.load.inFlight();
    return (double) Math.max(0, sequences - parts.load.pending()) / replicas;
  }

  /** Whether it certainly takes a request of this size. */
  boolean takes(long tokens, long nowNanos) {
    return well && tokens <= mostTokens && nowNanos - roomFromNanos >= 0;
  }

  boolean isQueueKnown(long nowNanos) {
    return nowNanos - readFromNanos >= 0;
  }

  /** Reading a request's own input, and the fixed part. */
  double prefillMillis(long inputTokens) {
    return baseMillis + millisPerToken * inputTokens;
  }

  private static boolean isWell(Parts parts) {
    return parts.attendance.now() == Presence.PRESENT
        && parts.breaker.isWell()
        && parts.rotation.isIn()
        && parts.admissionStates.now() == AdmissionState.NEW_AND_EXISTING;
  }

  private static long roomFromNanos(Parts parts) {
    long asked = parts.askedUntil.get();
    return later(asked, later(parts.quotas.roomFromNanos(), parts.headroom.roomFromNanos()));
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }
}
