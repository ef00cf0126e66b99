package dev.spillway.gateway.server;

import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.RequestShape;
import dev.spillway.core.dispatch.RequestShape.Answer;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.ReasoningEffort;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.gateway.Snapshot;
import dev.spillway.gateway.auth.Grant;
import dev.spillway.gateway.exchange.Call;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.RequestScan;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.dialect.Sender;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import dev.spillway.wire.json.ByteSlice;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns a head and a body into a call: who asks, for what, under which contract and by when.
 *
 * <p>The facts that clauses speak of are fixed here, before anything is routed.
 */
final class Admittance {
  private static final int MOST_GEOGRAPHIES = 16;

  private final Snapshot snapshot;
  private final RequestHead head;
  private final Grant grant;

  Admittance(Snapshot snapshot, RequestHead head, Grant grant) {
    this.snapshot = snapshot;
    this.head = head;
    this.grant = grant;
  }

  /** What became of a request. */
  sealed interface Result {
    /** It may start; owns the body. */
    record Ready(Call call) implements Result {}

    /** It may not; the body is the caller's still. */
    record Refused(Refusal refusal) implements Result {}
  }

  /**
   * Reads the body, which must be on the heap.
   *
   * @param arrivedNanos when the request was complete, on the monotonic clock
   */
  Result read(RequestPath.Inference path, ByteBuf body, long arrivedNanos, String decisionId) {
    ByteSlice bytes =
        new ByteSlice(body.array(), body.arrayOffset() + body.readerIndex(), body.readableBytes());
    return switch (RequestScan.of(path.operation(), path.model(), bytes)) {
      case RequestScan.Refused(var refusal) -> new Result.Refused(refusal);
      case RequestScan.Accepted(var request) -> ask(request, body, arrivedNanos, decisionId);
    };
  }

  private Result ask(ScannedRequest request, ByteBuf body, long arrivedNanos, String decisionId) {
    ModelName model = model(request.model());
    if (model == null) {
      return new Result.Refused(Refusal.unknownModel(request.model()));
    }
    WorkloadClass workload = workload();
    if (workload == null) {
      return new Result.Refused(
          ErrorKind.FORBIDDEN.because(
              "x-spillway-class: not a class granted to this key (expected: one of "
                  + grant.classes().stream().map(WorkloadClass::label).toList()
                  + ")"));
    }
    List<Geography> residency = residency();
    if (residency == null) {
      return new Result.Refused(
          ErrorKind.BAD_REQUEST.because(
              "x-spillway-residency: not a comma-separated list of geographies"));
    }
    Instant at = Instant.now();
    Ask ask = new Ask(grant.tenant().id(), workload, model, residency);
    Journey journey = journey(ask, request, arrivedNanos, at);
    Sender sender = new Sender(grant.cacheSalt(), grant.tenant().priority());
    return new Result.Ready(
        new Call(snapshot, journey, request, body, sender, head.requestId(), decisionId, at));
  }

  private Journey journey(Ask ask, ScannedRequest request, long arrivedNanos, Instant at) {
    Objective objective = snapshot.objectives().getOrDefault(ask.workload(), Objective.DEFAULT);
    long allowed = objective.deadline().toNanos();
    if (head.timeout() != null) {
      allowed = Math.min(allowed, head.timeout().toNanos());
    }
    RequestShape shape =
        new RequestShape(
            request.inputTokens(),
            request.maxOutputTokens(),
            affinity(request),
            answer(ask.workload(), request),
            ReasoningEffort.ofLabel(request.reasoningEffort()));
    return new Journey(
        ask,
        grant.tenant(),
        objective,
        shape,
        arrivedNanos,
        at.getEpochSecond(),
        arrivedNanos + allowed);
  }

  /** Salted, so that no tenant can aim at another's cache. */
  private long affinity(ScannedRequest request) {
    String named = request.promptCacheKey();
    long key = named == null ? request.conversation() : named.hashCode() * 0x9E3779B97F4A7C15L;
    return key == 0 ? 0 : key ^ (grant.cacheSalt().hashCode() * 0xC2B2AE3D27D4EB4FL);
  }

  private Answer answer(WorkloadClass workload, ScannedRequest request) {
    if (request.operation() == Operation.EMBEDDINGS) {
      return Answer.NO_OUTPUT;
    }
    boolean streams = request.streams() || Call.isStreamedForWhole(snapshot, workload, request);
    return streams ? Answer.STREAMED : Answer.WHOLE;
  }

  /** Its own name; null if no such model is served, or none that this tenant may see. */
  private @Nullable ModelName model(String asked) {
    ModelName model = snapshot.aliases().get(asked);
    if (model == null) {
      model = snapshot.models().get(asked);
    }
    return model != null && grant.tenant().mayUse(model) ? model : null;
  }

  private @Nullable WorkloadClass workload() {
    if (head.workload() == null) {
      return grant.classes().getFirst();
    }
    Optional<WorkloadClass> chosen = WorkloadClass.ofLabel(head.workload());
    return chosen.filter(grant.classes()::contains).orElse(null);
  }

  private @Nullable List<Geography> residency() {
    if (head.residency() == null) {
      return List.of();
    }
    List<Geography> geographies = new ArrayList<>();
    try {
      for (String each : head.residency().split(",", MOST_GEOGRAPHIES)) {
        geographies.add(new Geography(each.strip()));
      }
    } catch (IllegalArgumentException e) {
      return null;
    }
    return geographies;
  }
}
