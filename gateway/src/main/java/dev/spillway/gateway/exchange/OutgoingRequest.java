package dev.spillway.gateway.exchange;

import dev.spillway.core.seal.Facts;
import dev.spillway.gateway.upstream.AttemptRequest;
import dev.spillway.gateway.upstream.Linked;
import dev.spillway.gateway.upstream.SiteNote;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.multipart.Form;
import dev.spillway.wire.multipart.FormEdit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Instant;

/**
 * What is sent to a deployment.
 *
 * <p>Nothing of the caller's head goes upstream: the headers are made here, so none can steer a
 * provider or carry a credential that is not its own. The body is the caller's, but for the places
 * that the dialect changes.
 */
final class OutgoingRequest {
  private OutgoingRequest() {}

  /** The bytes for one attempt; whoever gets them owns the body's reference. */
  static AttemptRequest of(
      Call call, AttemptPlan plan, Question question, ByteBufAllocator allocator) {
    Upstream to = plan.to();
    return new AttemptRequest(
        HttpMethod.valueOf(call.request().operation().method()),
        pathAndQuery(call.request(), to),
        headers(call, plan),
        call.request().kept() == null ? body(call, to, question, allocator) : Unpooled.EMPTY_BUFFER,
        note(call, plan));
  }

  private static String pathAndQuery(ScannedRequest request, Upstream to) {
    String path = to.dialect().pathAndQuery(request.operation(), to.target());
    ScannedRequest.Kept kept = request.kept();
    return kept == null ? path : kept.in(path);
  }

  private static SiteNote note(Call call, AttemptPlan plan) {
    return plan.to().place() instanceof Linked
        ? new SiteNote(
            sealedFacts(call, plan),
            call.journey().shape().inputTokens(),
            plan.expectedQueueMicros(),
            call.keptBy())
        : SiteNote.NONE;
  }

  /**
   * What clauses speak of was fixed at the door, before anything was routed; it is sealed for each
   * attempt as of now, since a request may have waited for hours, and under another configuration.
   */
  private static String sealedFacts(Call call, AttemptPlan plan) {
    return call.inForce()
        .snapshot()
        .sealer()
        .seal(
            call.journey().ask(),
            Facts.idOfAttempt(call.decisionId(), plan.number()),
            Instant.now().getEpochSecond());
  }

  /** vLLM fails a request whose id one has that still runs, be it one that is being aborted. */
  private static HttpHeaders headers(Call call, AttemptPlan plan) {
    Upstream to = plan.to();
    HttpHeaders headers = new DefaultHttpHeaders();
    Form form = call.request().form();
    headers.set(
        HttpHeaderNames.CONTENT_TYPE,
        form == null ? HttpHeaderValues.APPLICATION_JSON : form.boundary().contentType());
    headers.set(HttpHeaderNames.ACCEPT, accepted(call.request(), plan.question()));
    headers.set("x-request-id", Facts.idOfAttempt(call.decisionId(), plan.number()));
    if (to.credential().isPresent()) {
      to.dialect().authenticate(to.credential().value(), headers::set);
    }
    return headers;
  }

  private static CharSequence accepted(ScannedRequest request, Question question) {
    if (request.operation().isOfMedia()) {
      return "*/*";
    }
    return question.streams()
        ? HttpHeaderValues.TEXT_EVENT_STREAM
        : HttpHeaderValues.APPLICATION_JSON;
  }

  private static ByteBuf body(
      Call call, Upstream to, Question question, ByteBufAllocator allocator) {
    Form form = call.request().form();
    if (form != null) {
      return Spliced.view(FormEdit.of(form, to.target().model()), call.body(), allocator);
    }
    ByteSlice original = WholeAnswer.slice(call.body());
    BodyEdit edit = new BodyEdit(call.request(), original);
    question.translate(to, edit);
    return Spliced.copy(edit.build(), original, allocator);
  }
}
