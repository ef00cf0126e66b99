package dev.spillway.gateway.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spillway.gateway.exchange.Client;
import dev.spillway.gateway.exchange.Labels;
import dev.spillway.gateway.server.Carrier.Then;
import dev.spillway.gateway.upstream.Prefetch;
import dev.spillway.wire.aggregate.AnswerMemory;
import dev.spillway.wire.chat.AnswerType;
import dev.spillway.wire.error.Refusal;
import dev.spillway.wire.json.ByteSlice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answer to one request on its carrier, as HTTP/1.1 has it: over HTTP/2, the stream's
 * codec drops what there is no room for. Event loop only.
 *
 * <p>A client of HTTP/1.0 knows no chunks (RFC 9112, 6.1): what has no length ends for it where its
 * connection does.
 */
final class AnswerWriter implements Client {
  private static final byte[] COMMENT = ":\n\n".getBytes(US_ASCII);

  /** Go's client gives up at the sixth; who asked to go on has one. */
  private static final int MOST_INTERIM_KNOCKS = 4;

  private final ClientRequest request;
  private final ChannelHandlerContext context;
  private final @Nullable StraightPath straight;
  private final ServerSetup setup;
  private final RequestHead head;
  private final AnswerHeads heads;
  private final boolean takesChunks;
  private AnswerType begun = AnswerType.EVENTS;
  private boolean headWritten;
  private int interimKnocks;

  AnswerWriter(ClientRequest request, Carrier carrier, ServerSetup setup, RequestHead head) {
    this.request = request;
    this.context = carrier.context();
    this.takesChunks = head.fields().version() != HeadFields.Version.HTTP_1_0;
    this.straight = takesChunks ? carrier.straight() : null; // it frames what it takes
    this.setup = setup;
    this.head = head;
    this.heads = new AnswerHeads(setup.config(), head);
  }

  @Override
  public void begin(Labels labels) {
    begun = labels.type();
    HttpHeaders headers = heads.of(labels.type().header(), labels);
    headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    HttpResponse response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, headers);
    HttpUtil.setTransferEncodingChunked(response, takesChunks);
    tell(thenOfStream(), headers);
    context.write(response);
    headWritten = true;
  }

  @Override
  public void write(ByteBuf bytes) {
    if (straight == null || !straight.take(bytes)) {
      context.write(takesChunks ? bytes : new DefaultHttpContent(bytes), context.voidPromise());
    }
  }

  @Override
  public void addTo(Prefetch chunk) {
    chunk.add(this);
    if (straight != null) {
      straight.addTo(chunk);
    }
  }

  @Override
  public void flush() {
    if (straight == null || !straight.flush()) {
      context.flush();
    }
  }

  @Override
  public boolean isWritable() {
    return (straight != null && straight.isClear()) || context.channel().isWritable();
  }

  @Override
  public void complete() {
    request.answered(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT), thenOfStream());
  }

  @Override
  public void whole(ByteBuf json, Labels labels, AnswerMemory.Share held) {
    Then then = then();
    HttpHeaders headers = heads.of(labels.type().header(), labels);
    ChannelFuture written =
        context.writeAndFlush(response(HttpResponseStatus.OK, json, headers, then));
    if (held.isCounted()) {
      written.addListener(_ -> held.close());
    }
    request.answered(written, then);
  }

  @Override
  public void refuse(Refusal refusal, Labels labels) {
    Then then = then();
    send(response(refusal, labels, then), then);
  }

  /**
   * The error is the last event. The body is ended as its framing wants it: clients that see a
   * connection break may throw away what they have read but not looked at, the error with it. So it
   * stays open: the head did not say otherwise, and clients ask their next question on it.
   *
   * <p>What is not made of events has no place for an error: its framing is left without an end,
   * which no client takes for a whole answer.
   */
  @Override
  public void breakOff(Refusal refusal) {
    if (begun == AnswerType.EVENTS) {
      context.write(
          new DefaultHttpContent(Unpooled.wrappedBuffer(head.fields().errors().event(refusal))));
      request.answered(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT), thenOfStream());
    } else {
      request.cut();
    }
  }

  void json(ByteSlice body) {
    HttpHeaders headers = heads.of(HttpHeaderValues.APPLICATION_JSON, null);
    ByteBuf bytes = Unpooled.wrappedBuffer(body.array(), body.offset(), body.length());
    full(HttpResponseStatus.OK, bytes, headers, then());
  }

  void pageMayAsk(Preflight what) {
    Then then = then();
    HttpHeaders headers = heads.allowing(what);
    tell(then, headers);
    send(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.NO_CONTENT,
            Unpooled.EMPTY_BUFFER,
            headers,
            EmptyHttpHeaders.INSTANCE),
        then);
  }

  /** Refuses what was not let in. */
  void turnAway(Refusal refusal) {
    turnAway(refusal, then());
  }

  void turnAway(Refusal refusal, Then then) {
    send(turnedAway(refusal, then), then);
  }

  /** Answers while the request still comes, which then is nobody's any more. */
  ChannelFuture turnAwayEarly(Refusal refusal) {
    return context.writeAndFlush(turnedAway(refusal, Then.CLOSE));
  }

  /** Ends what its exchange cannot end any more. */
  void fail(Refusal refusal) {
    if (headWritten) {
      breakOff(refusal);
    } else {
      turnAway(refusal, Then.CLOSE);
    }
  }

  void goOnIfAsked() {
    if (head.fields().body().asksFirst()) {
      goOn();
    }
  }

  private void goOn() {
    context.writeAndFlush(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
  }

  /**
   * Sends what a client overlooks: before the answer an interim one (RFC 9110, 15.2), between its
   * events a comment. Of sound, the next of it does as well. Again and again, if need be.
   */
  void knock() {
    if (!headWritten) {
      if (interimKnocks++ < MOST_INTERIM_KNOCKS) {
        goOn();
      }
    } else if (begun == AnswerType.EVENTS) {
      context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(COMMENT)));
    }
  }

  /** No exchange will ever tell of it. */
  private FullHttpResponse turnedAway(Refusal refusal, Then then) {
    setup.exchanges().observer().turnedAway(refusal.kind());
    return response(refusal, null, then);
  }

  private FullHttpResponse response(Refusal refusal, @Nullable Labels labels, Then then) {
    return response(
        HttpResponseStatus.valueOf(refusal.status()),
        Unpooled.wrappedBuffer(head.fields().errors().body(refusal, head.requestId())),
        heads.ofRefusal(refusal, labels),
        then);
  }

  private void full(HttpResponseStatus status, ByteBuf body, HttpHeaders headers, Then then) {
    send(response(status, body, headers, then), then);
  }

  /** To whoever asks for the head alone, a body would be the beginning of the next answer. */
  private FullHttpResponse response(
      HttpResponseStatus status, ByteBuf body, HttpHeaders headers, Then then) {
    int length = body.readableBytes();
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            head.fields().headOnly() ? withoutContent(body) : body,
            headers,
            EmptyHttpHeaders.INSTANCE);
    HttpUtil.setContentLength(response, length);
    tell(then, headers);
    return response;
  }

  private static ByteBuf withoutContent(ByteBuf body) {
    body.release();
    return Unpooled.EMPTY_BUFFER;
  }

  private void tell(Then then, HttpHeaders headers) {
    if (then == Then.CLOSE) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (!takesChunks) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
  }

  private void send(FullHttpResponse response, Then then) {
    request.answered(context.writeAndFlush(response), then);
  }

  private Then thenOfStream() {
    return takesChunks ? then() : Then.CLOSE;
  }

  private Then then() {
    return head.fields().keepAlive() && !setup.draining().getAsBoolean() ? Then.KEEP : Then.CLOSE;
  }
}
