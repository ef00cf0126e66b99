package dev.spillway.gateway.server;

import dev.spillway.gateway.Snapshot;
import dev.spillway.gateway.auth.Grant;
import dev.spillway.gateway.auth.LastKey;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.models.ModelList;
import dev.spillway.wire.multipart.Boundary;
import dev.spillway.wire.multipart.MalformedForm;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges a request by its head alone: who may not come in need not send a body. */
final class Doorkeeper {
  private static final Duration DRAINING_RETRY = Duration.ofSeconds(1);
  private static final AsciiString FORM = HttpHeaderValues.MULTIPART_FORM_DATA;
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

    /** No. */
    record Turned(Refusal refusal) implements Verdict {}
  }

  static Verdict judge(
      ServerSetup setup,
      Snapshot snapshot,
      HttpRequest request,
      RequestHead head,
      LastKey lastKey) {
    if (setup.draining().getAsBoolean()) {
      return new Verdict.Turned(draining());
    }
    if (isAmbiguous(request.headers())) {
      return new Verdict.Turned(
          ErrorKind.BAD_REQUEST.because(
              "transfer-encoding: only 'chunked' is taken, and only without content-length"));
    }
    Refusal twofold = DecidingHeaders.refusal(request.headers());
    if (twofold != null) {
      return new Verdict.Turned(twofold);
    }
    return switch (head.path()) {
      case RequestPath.Unknown _ ->
          new Verdict.Turned(Refusal.unknownPath(request.method().name(), pathOf(request)));
      case RequestPath.WrongMethod(var allowed) ->
          new Verdict.Turned(Refusal.wrongMethod(request.method().name(), allowed));
      case RequestPath.Inference inference ->
          inference(setup, grant(snapshot, head, lastKey), request, head, inference);
      case RequestPath.Models models ->
          known(snapshot, grant(snapshot, head, lastKey), head, models);
      case RequestPath.OneModel one -> known(snapshot, grant(snapshot, head, lastKey), head, one);
    };
  }

  static Refusal draining() {
    return Refusal.draining(DRAINING_RETRY);
  }

  static Refusal tooSlow(Duration within) {
    return ErrorKind.REQUEST_TOO_SLOW.because(
        "the request was not complete within " + within.toMillis() + " ms");
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
      ServerSetup setup,
      @Nullable Grant grant,
      HttpRequest request,
      RequestHead head,
      RequestPath.Inference path) {
    if (grant == null) {
      return new Verdict.Turned(strange(head));
    }
    String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "application/json");
    boolean form = FORM.contentEqualsIgnoreCase(mediaType(type)) && path.operation().takesForms();
    int most = form ? setup.config().maxUploadBytes() : setup.config().maxBodyBytes();
    if (HttpUtil.getContentLength(request, 0L) > most) {
      return new Verdict.Turned(Refusal.bodyTooLarge(most));
    }
    if (form) {
      return form(path, grant, type, most);
    }
    boolean json =
        HttpHeaderValues.APPLICATION_JSON.contentEqualsIgnoreCase(mediaType(type))
            && !path.operation().takesFormsOnly();
    return json || path.operation().isOfKept()
        ? new Verdict.Welcome(path, grant, most, null)
        : new Verdict.Turned(wrongType(path.operation()));
  }

  private static Verdict form(
      RequestPath.Inference path, Grant grant, String contentType, int most) {
    try {
      return new Verdict.Welcome(path, grant, most, Boundary.of(contentType));
    } catch (MalformedForm e) {
      return new Verdict.Turned(
          ErrorKind.BAD_REQUEST.because("The request is a form with " + e.what() + "."));
    }
  }

  private static Refusal wrongType(Operation operation) {
    String expected =
        operation.takesFormsOnly()
            ? "multipart/form-data"
            : operation.takesForms()
                ? "multipart/form-data or application/json"
                : "application/json";
    return ErrorKind.WRONG_CONTENT_TYPE.because("content-type: expected " + expected);
  }

  private static Verdict known(
      Snapshot snapshot, @Nullable Grant grant, RequestHead head, RequestPath path) {
    if (grant == null) {
      return new Verdict.Turned(strange(head));
    }
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

  private static @Nullable Grant grant(Snapshot snapshot, RequestHead head, LastKey lastKey) {
    return head.key() == null ? null : lastKey.find(snapshot.keys(), head.key());
  }

  private static Refusal strange(RequestHead head) {
    return head.key() == null ? Refusal.missingKey() : Refusal.wrongKey();
  }

  private static boolean isAmbiguous(HttpHeaders headers) {
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean plainlyChunked =
        codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase("chunked");
    return !codings.isEmpty()
        && (!plainlyChunked || headers.contains(HttpHeaderNames.CONTENT_LENGTH));
  }

  private static String mediaType(String contentType) {
    int parameters = contentType.indexOf(';');
    return (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip();
  }

  private static String pathOf(HttpRequest request) {
    int query = request.uri().indexOf('?');
    return query < 0 ? request.uri() : request.uri().substring(0, query);
  }
}
