package dev.spillway.gateway.exchange;

import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.gateway.Snapshot;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.dialect.Sender;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request that was authenticated and understood.
 *
 * @param snapshot the configuration it came in under
 * @param inForce the configuration that its attempts are made under
 * @param journey what it is to the dispatcher
 * @param request what its body says
 * @param goesOnFrom the kept response that it goes on from, as the provider calls it; null if from
 *     none
 * @param keptBy which replica at a site keeps that, or what it is about, as the site's agent calls
 *     it; empty if nobody said
 * @param body the body itself, on the heap; the exchange takes over its reference
 * @param sender on whose behalf it goes to engines
 * @param requestId the client's id of it, or ours; clients may give several the same
 * @param decisionId by which its decisions are found; no other request has it
 * @param at when it came in, by the wall clock
 */
public record Call(
    Snapshot snapshot,
    InForce inForce,
    Journey journey,
    ScannedRequest request,
    @Nullable String goesOnFrom,
    String keptBy,
    ByteBuf body,
    Sender sender,
    String requestId,
    String decisionId,
    Instant at) {
  /** Whether only the deployment that made something can serve it. */
  boolean isPinned() {
    return goesOnFrom != null || request.kept() != null;
  }

  /** Whether anybody could write the rest of its answer, should that break off. */
  boolean mayBeContinued() {
    return snapshot.offers().isContinued(request.operation(), journey.ask().model());
  }

  /**
   * Whether a stream is asked for though the client wants its answer all at once: what is seen to
   * come can be protected while it comes. Not where providers would refuse it of a stream.
   */
  boolean isStreamedForWhole() {
    return isStreamedForWhole(snapshot, journey.ask().workload(), request);
  }

  /** The same, before there is a call. */
  public static boolean isStreamedForWhole(
      Snapshot snapshot, WorkloadClass workload, ScannedRequest request) {
    return !request.streams()
        && request.operation().isGenerative()
        && !request.has(Feature.UNSTREAMED)
        && !request.has(Feature.BACKGROUND)
        && snapshot.streamedForWhole().contains(workload);
  }
}
