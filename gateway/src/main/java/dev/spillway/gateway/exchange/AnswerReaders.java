package dev.spillway.gateway.exchange;

import dev.spillway.core.model.TenantId;
import dev.spillway.gateway.kept.KeptResponses;
import dev.spillway.gateway.upstream.Linked;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.wire.aggregate.EventFold;
import dev.spillway.wire.chat.AnswerType;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.events.EventReading;
import dev.spillway.wire.kept.ResponseIdEdit;
import dev.spillway.wire.link.LinkHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Finds the reader for an answer of status 200 that is not made of chunks, by what was asked. */
final class AnswerReaders {
  /** Ten images in base64. */
  private static final int MOST_IMAGE_BYTES = 64 << 20;

  private AnswerReaders() {}

  static AnswerReader of(Call call, Upstream from, HttpHeaders headers, Scratch scratch, Via via) {
    ScannedRequest request = call.request();
    if (request.operation().isOfMedia()) {
      return ofMedia(request, from, headers, scratch, via);
    }
    ResponseIdEdit naming = naming(call, from, headers);
    return request.streams()
        ? stream(request.operation(), headers, relayed(request, naming, scratch, via), via)
        : new WholeAnswer(request.operation(), naming, OwnCount.of(request), via);
  }

  /** The same for what was asked for as events, though the client wants it all at once. */
  static AnswerReader folded(
      Call call, Upstream from, HttpHeaders headers, EventFold fold, Scratch scratch, Via via) {
    ScannedRequest request = call.request();
    AnswerReader whole =
        new WholeAnswer(request.operation(), naming(call, from, headers), null, via);
    return new UnopenedStream(
        via.meaning(),
        AnswerType.of(headers.get(HttpHeaderNames.CONTENT_TYPE)),
        new EventsAnswer(
            EventReading.of(request), new FoldedEvents(fold, whole, via.meaning()), scratch, via),
        () -> whole);
  }

  /** What was asked for as a stream; whether it comes as one, its first byte shows. */
  static AnswerReader stream(
      Operation operation, HttpHeaders headers, AnswerReader stream, Via via) {
    return new UnopenedStream(
        via.meaning(),
        AnswerType.of(headers.get(HttpHeaderNames.CONTENT_TYPE)),
        stream,
        () -> new AnswerAtOnce(operation, stream, via));
  }

  private static AnswerReader relayed(
      ScannedRequest request, @Nullable ResponseIdEdit naming, Scratch scratch, Via via) {
    return new EventsAnswer(EventReading.of(request), new RelayedEvents(naming, via), scratch, via);
  }

  /** Whether it streams, and whether it is JSON, is said by its head and not by what was asked. */
  private static AnswerReader ofMedia(
      ScannedRequest request, Upstream from, HttpHeaders headers, Scratch scratch, Via via) {
    AnswerType type = AnswerType.of(headers.get(HttpHeaderNames.CONTENT_TYPE));
    if (type == AnswerType.EVENTS) {
      return relayed(request, null, scratch, via);
    }
    if (request.operation() == Operation.SPEECH) {
      return type == AnswerType.JSON
          ? new WholeAnswer(Operation.SPEECH, null, null, via) // no sound: it may say why not
          : new SoundAnswer(type, isFramed(from, headers), via.meaning());
    }
    if (type != null && type.isText() && request.has(Feature.TEXT_OUTPUT)) {
      return new TextAnswer(type, isFramed(from, headers), via);
    }
    return new WholeAnswer(request.operation(), null, null, via.taking(MOST_IMAGE_BYTES));
  }

  /**
   * Where only the connection's end ends it, nobody can tell a cut from the end. What came over a
   * link has no framing of its engine's any more: there the agent says whether it had any.
   */
  private static boolean isFramed(Upstream from, HttpHeaders headers) {
    if (from.place() instanceof Linked) {
      return headers.contains(LinkHeaders.FRAMED);
    }
    return headers.contains(HttpHeaderNames.CONTENT_LENGTH)
        || headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
  }

  /** How the tenant is to call the responses that come from there; null if none do. */
  private static @Nullable ResponseIdEdit naming(Call call, Upstream from, HttpHeaders headers) {
    if (!call.request().operation().makesResponses()) {
      return null;
    }
    KeptResponses kept = call.inForce().snapshot().kept();
    TenantId tenant = call.journey().tenant().id();
    String said = from.place() instanceof Linked ? headers.get(LinkHeaders.REPLICA) : null;
    String keptBy = said == null ? "" : said;
    return new ResponseIdEdit(id -> kept.name(tenant, from.deployment(), keptBy, id));
  }
}
