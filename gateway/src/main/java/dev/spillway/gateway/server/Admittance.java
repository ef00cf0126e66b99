package dev.spillway.gateway.server;

import dev.spillway.core.dispatch.Deadline;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.RequestShape;
import dev.spillway.core.dispatch.RequestShape.Answer;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.ReasoningEffort;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.gateway.Snapshot;
import dev.spillway.gateway.auth.Grant;
import dev.spillway.gateway.exchange.Call;
import dev.spillway.gateway.exchange.InForce;
import dev.spillway.gateway.kept.KeptResponses;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.RequestScan;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.chat.ScannedRequest.Kept;
import dev.spillway.wire.dialect.Sender;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.multipart.Boundary;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a head and a body into a call: who asks, for what, under which contract and by when.
 *
 * <p>The facts that clauses speak of are fixed here, before anything is routed.
 */
final class Admittance {
  private final Snapshot snapshot;
  private final RequestHead head;
  private final Doorkeeper.Verdict.Welcome welcome;
  private final Grant grant;

  Admittance(Snapshot snapshot, RequestHead head, Doorkeeper.Verdict.Welcome welcome) {
    this.snapshot = snapshot;
    this.head = head;
    this.welcome = welcome;
    this.grant = welcome.grant();
  }

  /** What became of a request. */
  sealed interface Result {
    /** It may start; owns the body. */
    record Ready(Call call) implements Result {}

    /** It may not; the body is the caller's still. */
    record Refused(Refusal refusal) implements Result {}

    /** The hub failed at it; the body is the caller's still. */
    record Failed(Throwable cause) implements Result {}
  }

  /**
   * Reads the body, which must be on the heap.
   *
   * @param arrivedNanos when the request was complete, on the monotonic clock
   */
  Result read(ByteBuf body, long arrivedNanos, String decisionId) {
    Incoming incoming = new Incoming(body, arrivedNanos, decisionId);
    String id = welcome.path().id();
    if (id != null) {
      return kept(welcome.path(), id, incoming);
    }
    return switch (scan(body)) {
      case RequestScan.Refused(var refusal) -> new Result.Refused(refusal);
      case RequestScan.Accepted(var request) -> ask(request, incoming);
    };
  }

  private RequestScan scan(ByteBuf body) {
    ByteSlice bytes =
        new ByteSlice(body.array(), body.arrayOffset() + body.readerIndex(), body.readableBytes());
    Operation operation = welcome.path().operation();
    String model = welcome.path().model();
    Boundary boundary = welcome.boundary();
    return boundary == null
        ? RequestScan.of(operation, model, bytes)
        : RequestScan.ofForm(operation, model, boundary, bytes);
  }

  /** What is there of a request beside what it says. */
  private record Incoming(ByteBuf body, long arrivedNanos, String decisionId) {}

  /**
   * Who alone can serve it.
   *
   * @param able null if all can
   * @param goesOnFrom what it goes on from, as the provider calls it; null if from nothing
   * @param keptBy which replica, as its site's agent calls it; empty if nobody said
   */
  private record Servers(
      @Nullable Set<DeploymentId> able, @Nullable String goesOnFrom, String keptBy) {}

  private Result kept(RequestPath.Inference path, String id, Incoming incoming) {
    return switch (snapshot.kept().find(grant.tenant().id(), id)) {
      case KeptResponses.Found.Nothing _ -> new Result.Refused(Refusal.unknownResponse());
      case KeptResponses.Found.Gone _ -> new Result.Refused(Refusal.responseGone());
      case KeptResponses.Found.At(int at, var keptBy, var providersId) -> {
        ModelName model = modelOf(at);
        Kept kept = new Kept(providersId, path.query());
        Refusal refusal =
            grant.tenant().mayUse(model)
                ? KeptPath.refusal(kept.in(path.operation().path()))
                : Refusal.unknownResponse();
        yield refusal == null
            ? ask(
                ScannedRequest.ofKept(path.operation(), model.value(), kept),
                model,
                new Servers(only(at), null, keptBy),
                incoming)
            : new Result.Refused(refusal);
      }
    };
  }

  private Result ask(ScannedRequest request, Incoming incoming) {
    ModelName model = model(request.model());
    if (model == null) {
      return new Result.Refused(Refusal.unknownModel(request.model()));
    }
    if (request.previousResponse() == null) {
      Set<DeploymentId> able = snapshot.offers().able(request.operation());
      return ask(request, model, new Servers(able, null, ""), incoming);
    }
    return switch (snapshot.kept().find(grant.tenant().id(), request.previousResponse())) {
      case KeptResponses.Found.Nothing _ -> new Result.Refused(Refusal.unknownResponse());
      case KeptResponses.Found.Gone _ -> new Result.Refused(Refusal.responseGone());
      case KeptResponses.Found.At(int at, var keptBy, var providersId) ->
          modelOf(at).equals(model)
              ? ask(request, model, new Servers(only(at), providersId, keptBy), incoming)
              : new Result.Refused(Refusal.otherModels(modelOf(at).value()));
    };
  }

  private Result ask(ScannedRequest request, ModelName model, Servers servers, Incoming incoming) {
    if (!isOffered(request.operation(), model, servers)) {
      return new Result.Refused(Refusal.notOffered(request.operation(), model.value()));
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
    Ask ask = new Ask(grant.tenant().id(), workload, model, residency);
    Instant at = Instant.now();
    Journey journey = journey(ask, request, servers.able(), incoming.arrivedNanos(), at);
    Sender sender = new Sender(grant.cacheSalt(), grant.tenant().priority());
    return new Result.Ready(
        new Call(
            snapshot,
            new InForce(snapshot),
            journey,
            request,
            servers.goesOnFrom(),
            servers.keptBy(),
            incoming.body(),
            sender,
            head.requestId(),
            incoming.decisionId(),
            at));
  }

  private Journey journey(
      Ask ask,
      ScannedRequest request,
      @Nullable Set<DeploymentId> able,
      long arrivedNanos,
      Instant at) {
    Objective objective = snapshot.objectives().getOrDefault(ask.workload(), Objective.DEFAULT);
    boolean takesTokens = request.operation().takesTokens();
    RequestShape shape =
        new RequestShape(
            takesTokens ? request.inputTokens() : 0,
            mostOutput(request),
            takesTokens ? affinity(request) : 0,
            answer(ask.workload(), request),
            ReasoningEffort.ofLabel(request.reasoningEffort()),
            request.operation().title());
    return new Journey(
        ask,
        grant.tenant(),
        objective,
        shape,
        arrivedNanos,
        at.getEpochSecond(),
        deadline(objective, request, arrivedNanos),
        able);
  }

  private Deadline deadline(Objective objective, ScannedRequest request, long arrivedNanos) {
    long allowed = objective.deadline().toNanos();
    HeadFields.Patience client = head.fields().patience();
    if (client == null) {
      return Deadline.at(arrivedNanos + allowed);
    }
    long waits = Math.min(allowed, client.time().toNanos());
    boolean goesOn = request.streams() && client.what() == HeadFields.Patience.For.BEGINNING;
    return new Deadline(arrivedNanos + waits, arrivedNanos + (goesOn ? allowed : waits));
  }

  /** Whether one of those that alone can serve it, or of the model's, has the operation. */
  private boolean isOffered(Operation operation, ModelName model, Servers servers) {
    Set<DeploymentId> able = snapshot.offers().able(operation);
    if (servers.goesOnFrom() == null && !operation.isOfKept()) {
      return snapshot.offers().isOffered(operation, model);
    }
    return able == null || servers.able() == null || able.containsAll(servers.able());
  }

  private ModelName modelOf(int deployment) {
    return snapshot.topology().deployments().get(deployment).model();
  }

  private Set<DeploymentId> only(int deployment) {
    return Set.of(snapshot.topology().deployments().get(deployment).id());
  }

  /** Salted, so that no tenant can aim at another's cache. */
  private long affinity(ScannedRequest request) {
    String named = request.promptCacheKey();
    long key = named == null ? request.conversation() : named.hashCode() * 0x9E3779B97F4A7C15L;
    return key == 0 ? 0 : key ^ (grant.cacheSalt().hashCode() * 0xC2B2AE3D27D4EB4FL);
  }

  /** Of a prompt that is only scored, vLLM makes one output token, and drops it. */
  private static long mostOutput(ScannedRequest request) {
    return request.has(Feature.NO_OUTPUT) ? 1 : request.maxOutputTokens();
  }

  /** Images and sound take as long as they take: nothing is learnt of them for texts. */
  private Answer answer(WorkloadClass workload, ScannedRequest request) {
    if (!request.operation().takesTokens()) {
      return Answer.NO_TOKENS;
    }
    if (request.has(Feature.BACKGROUND)) {
      return Answer.LATER; // streamed or not: whoever is asked as well makes another
    }
    boolean streams = request.streams() || Call.isStreamedForWhole(snapshot, workload, request);
    if (streams && !request.operation().isOfMedia()) {
      return Answer.STREAMED;
    }
    return request.operation().isGenerative() ? Answer.WHOLE : Answer.NO_OUTPUT;
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
    if (head.fields().workload() == null) {
      return grant.classes().getFirst();
    }
    Optional<WorkloadClass> chosen = WorkloadClass.ofLabel(head.fields().workload());
    return chosen.filter(grant.classes()::contains).orElse(null);
  }

  private @Nullable List<Geography> residency() {
    String said = head.fields().residency();
    return said == null ? List.of() : Residency.read(said, snapshot.topology());
  }
}
