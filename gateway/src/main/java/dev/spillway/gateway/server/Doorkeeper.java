package dev.spillway.gateway.server;

import dev.spillway.gateway.Snapshot;
import dev.spillway.gateway.auth.Grant;
import dev.spillway.gateway.auth.LastKey;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.models.ModelList;
import dev.spillway.wire.multipart.Boundary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges a request by its head alone: who may not come in need not send a body. */
final class Doorkeeper {
  private static final Duration DRAINING_RETRY = Duration.ofSeconds(1);
  private static final Duration MEMORY_RETRY = Duration.ofSeconds(1);

  private Doorkeeper() {}

  /** What becomes of it. */
  sealed interface Verdict {
    /**
     * Its body may come.
     *
     * @param mostBytes of it
     * @param boundary what parts it; null if it is no form
     */
    record Welcome(
        RequestPath.Inference path, Grant grant, int mostBytes, @Nullable Boundary boundary)
        implements Verdict {}

    /** It needs no body: this JSON is the answer. */
    record Answered(ByteSlice json) implements Verdict {}

    /** It is a browser's question, and the answer is yes. */
    record PageMayAsk(Preflight what) implements Verdict {}

    /** No. */
    record Turned(Refusal refusal) implements Verdict {}
  }

  static Verdict judge(ServerSetup setup, Snapshot snapshot, RequestHead head, LastKey lastKey) {
    if (setup.draining().getAsBoolean()) {
      return new Verdict.Turned(draining());
    }
    HeadFields fields = head.fields();
    if (fields.preflight() != null && setup.config().corsOrigins().contains(fields.origin())) {
      return new Verdict.PageMayAsk(fields.preflight());
    }
    if (fields.refusal() != null) {
      return new Verdict.Turned(fields.refusal());
    }
    Grant grant = fields.key() == null ? null : lastKey.find(snapshot.keys(), fields.key());
    if (grant == null) {
      return new Verdict.Turned(fields.key() == null ? Refusal.missingKey() : Refusal.wrongKey());
    }
    return fields.path() instanceof RequestPath.Inference inference
        ? inference(setup, grant, head, inference)
        : known(snapshot, grant, fields.path());
  }

  static Refusal draining() {
    return Refusal.draining(DRAINING_RETRY);
  }

  static Refusal tooSlow(Duration within) {
    return ErrorKind.REQUEST_TOO_SLOW.because(
        "the request was not complete within "
            + within.toMillis()
            + " ms, and a second more for each "
            + IncomingBody.SLOWEST_BYTES_A_SECOND
            + " bytes of its body that came");
  }

  static Refusal failed() {
    return ErrorKind.INTERNAL.because(
        "The hub failed at this request, which is no fault of the request. Send it again; if it"
            + " fails again, tell the operator its x-request-id.");
  }

  static Refusal noMemory() {
    return ErrorKind.NO_CAPACITY
        .because("the hub has no memory left for request bodies; send it again")
        .retryAfter(MEMORY_RETRY);
  }

  static Refusal tooManyLongBodies() {
    return ErrorKind.NO_CAPACITY
        .because("the hub reads as many long requests as it can; send it again")
        .retryAfter(MEMORY_RETRY);
  }

  private static Verdict inference(
      ServerSetup setup, Grant grant, RequestHead head, RequestPath.Inference path) {
    BodyFields body = head.fields().body();
    int most = body.isForm() ? setup.config().maxUploadBytes() : setup.config().maxBodyBytes();
    if (head.bodyBytes() > most) {
      return new Verdict.Turned(Refusal.bodyTooLarge(most));
    }
    return body.refusal() == null
        ? new Verdict.Welcome(path, grant, most, body.boundary())
        : new Verdict.Turned(body.refusal());
  }

  private static Verdict known(Snapshot snapshot, Grant grant, RequestPath path) {
    List<ModelList.Entry> mine = models(snapshot, grant);
    if (!(path instanceof RequestPath.OneModel(var name))) {
      return new Verdict.Answered(ByteSlice.of(ModelList.write(mine)));
    }
    return mine.stream()
        .filter(entry -> entry.id().equals(name))
        .findFirst()
        .<Verdict>map(entry -> new Verdict.Answered(ByteSlice.of(ModelList.write(entry))))
        .orElseGet(() -> new Verdict.Turned(Refusal.unknownModel(name)));
  }

  /** What this tenant may ask for: models first, then aliases, each in the order of its name. */
  private static List<ModelList.Entry> models(Snapshot snapshot, Grant grant) {
    String platform = snapshot.topology().platform().value();
    return Stream.concat(
            snapshot.models().entrySet().stream().sorted(Map.Entry.comparingByKey()),
            snapshot.aliases().entrySet().stream().sorted(Map.Entry.comparingByKey()))
        .filter(named -> grant.tenant().mayUse(named.getValue()))
        .map(named -> new ModelList.Entry(named.getKey(), snapshot.madeEpochSecond(), platform))
        .toList();
  }
}
