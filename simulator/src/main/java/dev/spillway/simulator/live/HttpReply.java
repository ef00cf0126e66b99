package dev.spillway.simulator.live;

import static io.netty.handler.codec.http.HttpVersion.HTTP_1_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;

/**
 * The answer to one request, as HTTP: whole at once, or events one after another.
 *
 * <p>Event loop only. Buffers handed in are given away.
 */
final class HttpReply {
  private static final long MILLIS_PER_SECOND = 1_000;

  private final ChannelHandlerContext channel;
  private final Persistence persistence;
  private final String requestId;
  private final Runnable whenEnded;

  /** Whether the connection outlives the answer. */
  enum Persistence {
    KEEP_ALIVE,
    CLOSE
  }

  /**
   * An answer not begun.
   *
   * @param whenEnded called once, when the last of the answer has been written
   */
  HttpReply(
      ChannelHandlerContext channel,
      Persistence persistence,
      String requestId,
      Runnable whenEnded) {
    this.channel = channel;
    this.persistence = persistence;
    this.requestId = requestId;
    this.whenEnded = whenEnded;
  }

  void error(ApiError error) {
    var response = whole(error.status(), "application/json", error.json());
    Duration retryAfter = error.retryAfter();
    if (retryAfter != null) {
      long millis = Math.max(1, retryAfter.toMillis());
      response.headers().set("retry-after-ms", millis);
      response.headers().set("retry-after", Math.ceilDiv(millis, MILLIS_PER_SECOND));
    }
    send(response);
  }

  void json(CharSequence body) {
    send(whole(HttpResponseStatus.OK, "application/json", body));
  }

  void text(CharSequence body) {
    send(whole(HttpResponseStatus.OK, "text/plain; version=0.0.4; charset=utf-8", body));
  }

  /** Sends the head of a stream of events. */
  void beginEvents() {
    var head = new DefaultHttpResponse(HTTP_1_1, HttpResponseStatus.OK);
    prepare(head, "text/event-stream; charset=utf-8");
    head.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    channel.writeAndFlush(head, channel.voidPromise());
  }

  /** Room for events, to be filled and given to {@link #events}. */
  ByteBuf room(int bytes) {
    return channel.alloc().buffer(bytes);
  }

  /** Writes events; they leave with the next {@link #flush}. */
  void events(ByteBuf events) {
    channel.write(new DefaultHttpContent(events), channel.voidPromise());
  }

  /** Ends the stream of events. */
  void endEvents() {
    end(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /** Resets the connection, as a machine does that dies. */
  void reset() {
    channel.flush();
    channel.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    channel.close();
  }

  void flush() {
    channel.flush();
  }

  boolean isWritable() {
    return channel.channel().isWritable();
  }

  private DefaultFullHttpResponse whole(
      HttpResponseStatus status, String contentType, CharSequence body) {
    ByteBuf content = ByteBufUtil.writeUtf8(channel.alloc(), body);
    var response = new DefaultFullHttpResponse(HTTP_1_1, status, content);
    prepare(response, contentType);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
    return response;
  }

  private void prepare(HttpResponse head, String contentType) {
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    head.headers().set("x-request-id", requestId);
    head.headers().set("x-spillway-simulated", "engine");
    if (persistence == Persistence.CLOSE) {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  private void send(DefaultFullHttpResponse response) {
    end(response);
    channel.flush();
  }

  private void end(Object last) {
    var written = channel.write(last);
    if (persistence == Persistence.CLOSE) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
    whenEnded.run();
  }
}
