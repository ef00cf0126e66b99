package dev.spillway.gateway.exchange;

import dev.spillway.gateway.upstream.AttemptRequest;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.Splice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;

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
  static AttemptRequest of(Call call, Upstream to, Question question, ByteBufAllocator allocator) {
    return new AttemptRequest(
        to.dialect().pathAndQuery(call.request().operation(), to.target()),
        headers(call, to, question),
        body(call, to, question, allocator));
  }

  private static HttpHeaders headers(Call call, Upstream to, Question question) {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    headers.set(
        HttpHeaderNames.ACCEPT,
        question.streams()
            ? HttpHeaderValues.TEXT_EVENT_STREAM
            : HttpHeaderValues.APPLICATION_JSON);
    headers.set("x-request-id", call.requestId());
    if (to.credential().isPresent()) {
      to.dialect().authenticate(to.credential().value(), headers::set);
    }
    return headers;
  }

  private static ByteBuf body(
      Call call, Upstream to, Question question, ByteBufAllocator allocator) {
    ByteSlice original = WholeAnswer.slice(call.body());
    BodyEdit edit = new BodyEdit(call.request(), original);
    question.translate(to, edit);
    Splice splice = edit.build();
    ByteBuf body = allocator.buffer(splice.length());
    splice.forEach(
        new Splice.PieceSink() {
          @Override
          public void original(int from, int end) {
            body.writeBytes(original.array(), original.offset() + from, end - from);
          }

          @Override
          public void inserted(ByteSlice bytes) {
            body.writeBytes(bytes.array(), bytes.offset(), bytes.length());
          }
        });
    return body;
  }
}
