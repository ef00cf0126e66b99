package dev.spillway.gateway.tunnel;

import dev.spillway.wire.link.EnrolmentAnswer.Reason;
import dev.spillway.wire.link.EnrolmentAnswer.Refused;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.Semaphore;

/** One request to join or to renew a connection; each is answered on a thread of its own. */
final class EnrolmentHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final LinkOwner owner;
  private final Semaphore atOnce;

  /**
   * Of one connection.
   *
   * @param atOnce shared by all: each answer is signed, which is work
   */
  EnrolmentHandler(LinkOwner owner, Semaphore atOnce) {
    this.owner = owner;
    this.atOnce = atOnce;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (!request.decoderResult().isSuccess() || !request.method().equals(HttpMethod.POST)) {
      answer(ctx, HttpResponseStatus.BAD_REQUEST, new byte[0]);
      return;
    }
    if (!atOnce.tryAcquire()) {
      byte[] busy = new Refused(Reason.UNAVAILABLE, "many want to join; try again soon").encode();
      answer(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE, busy);
      return;
    }
    String path = request.uri();
    byte[] body = ByteBufUtil.getBytes(request.content());
    Thread.ofVirtual().name("enrolment").start(() -> enrol(ctx, path, body));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  private void enrol(ChannelHandlerContext ctx, String path, byte[] body) {
    try {
      byte[] answer = owner.enrol(path, body);
      ctx.executor().execute(() -> answer(ctx, HttpResponseStatus.OK, answer));
    } catch (RuntimeException e) {
      ctx.close();
      throw e;
    } finally {
      atOnce.release();
    }
  }

  private static void answer(ChannelHandlerContext ctx, HttpResponseStatus status, byte[] json) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(json));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    HttpUtil.setContentLength(response, json.length);
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
