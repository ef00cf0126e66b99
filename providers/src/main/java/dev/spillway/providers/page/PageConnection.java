package dev.spillway.providers.page;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A connection to one port of an engine, for one page after the other. */
final class PageConnection extends SimpleChannelInboundHandler<HttpObject> {
  private static final int FIRST_OF_FINAL_STATUSES = 200;

  private final Channel channel;
  private final URI origin;
  private @Nullable PageRequest asked;
  private boolean served;
  private @Nullable HttpResponse head;

  /** Of one page: what a long one took is not kept with the connection. */
  private ByteArrayOutputStream body = new ByteArrayOutputStream();

  /** Asks as soon as it is open. */
  PageConnection(Channel channel, PageRequest first) {
    this.channel = channel;
    this.origin = first.uri();
    this.asked = first;
  }

  /** Over a connection that has served; from any thread. */
  void ask(PageRequest next) {
    channel
        .eventLoop()
        .execute(() -> {
          if (channel.isActive()) {
            asked = next;
            send(next);
          } else {
            PageConnections.askAnew(next);
          }
        });
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (asked != null) {
      send(asked);
    }
  }

  private void send(PageRequest request) {
    if (!request.goesOver(channel)) {
      channel.close();
      return;
    }
    URI uri = request.uri();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    FullHttpRequest get =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path + query);
    get.headers()
        .set(HttpHeaderNames.HOST, uri.getRawAuthority())
        .set(HttpHeaderNames.ACCEPT, "*/*")
        .set(HttpHeaderNames.USER_AGENT, "spillway");
    channel.writeAndFlush(get);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) throws IOException {
    if (part.decoderResult().isFailure()) {
      throw new IOException("not HTTP/1.1", part.decoderResult().cause());
    }
    if (asked == null) {
      throw new IOException("an answer to nothing");
    }
    if (part instanceof HttpResponse response) {
      head = response.status().code() < FIRST_OF_FINAL_STATUSES ? null : response;
    }
    if (head != null && part instanceof HttpContent content) {
      take(asked, head, content);
    }
  }

  private void take(PageRequest request, HttpResponse of, HttpContent part) throws IOException {
    if (body.size() + part.content().readableBytes() > request.mostBytes()) {
      throw new PageTooLong(request.mostBytes());
    }
    part.content().readBytes(body, part.content().readableBytes());
    if (part instanceof LastHttpContent) {
      Page page = new Page(of.status().code(), body.toByteArray());
      body = new ByteArrayOutputStream();
      head = null;
      asked = null;
      served = true;
      if (!HttpUtil.isKeepAlive(of) || !PageConnections.keep(this, origin)) {
        channel.close();
      }
      request.succeed(page);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (asked != null) {
      asked.fail(cause.getCause() instanceof IOException io ? io : cause);
      asked = null;
    }
    ctx.close();
  }

  /** An engine may close a connection that was kept just when the next page is asked for. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    PageConnections.forget(this, origin);
    if (asked == null) {
      return;
    }
    if (served && head == null && asked.isAwaited()) {
      PageConnections.askAnew(asked);
    } else {
      asked.fail(new IOException("it closed the connection before its answer was whole"));
    }
    asked = null;
  }
}
