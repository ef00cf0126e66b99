package dev.spillway.gateway.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Iterator;
import java.util.Map.Entry;

/**
 * Writes requests to one endpoint; whoever owns the connection flushes them.
 *
 * <p>A short body is copied behind its head, so that one buffer carries both; a longer one is sent
 * from where it is, which costs less than its copy and the memory for it. One system call writes
 * either.
 */
final class RequestWriter {
  private static final int WORTH_COPYING_BYTES = 4 << 10;
  private static final int ROOM_FOR_HEAD_BYTES = 512;

  private static final byte[] LENGTH = "content-length: ".getBytes(US_ASCII);

  /** From after the path to the headers of the request. */
  private final byte[] always;

  RequestWriter(Endpoint endpoint) {
    String lines =
        " HTTP/1.1\r\nhost: " + endpoint.authority() + "\r\naccept-encoding: identity\r\n";
    this.always = lines.getBytes(US_ASCII);
  }

  /**
   * The body stays the caller's.
   *
   * @return done when the last byte is sent
   */
  ChannelFuture write(AttemptRequest request, ChannelHandlerContext to) {
    ByteBuf body = request.body();
    boolean together = body.readableBytes() <= WORTH_COPYING_BYTES;
    int room = ROOM_FOR_HEAD_BYTES + (together ? body.readableBytes() : 0);
    ByteBuf bytes = to.alloc().directBuffer(room);
    head(request, bytes);
    if (together) {
      bytes.writeBytes(body, body.readerIndex(), body.readableBytes());
    } else {
      to.write(bytes);
      bytes = body.retainedDuplicate();
    }
    return to.write(bytes);
  }

  private void head(AttemptRequest request, ByteBuf bytes) {
    ByteBufUtil.writeAscii(bytes, request.method().asciiName());
    bytes.writeByte(' ');
    ByteBufUtil.writeAscii(bytes, checked(request.pathAndQuery()));
    bytes.writeBytes(always);
    Iterator<Entry<CharSequence, CharSequence>> headers = request.headers().iteratorCharSequence();
    while (headers.hasNext()) {
      Entry<CharSequence, CharSequence> header = headers.next();
      ByteBufUtil.writeAscii(bytes, header.getKey());
      bytes.writeByte(':').writeByte(' ');
      ByteBufUtil.writeAscii(bytes, header.getValue());
      lineEnd(bytes);
    }
    if (request.body().isReadable() || request.method().equals(HttpMethod.POST)) {
      bytes.writeBytes(LENGTH);
      ByteBufUtil.writeAscii(bytes, Integer.toString(request.body().readableBytes()));
      lineEnd(bytes);
    }
    lineEnd(bytes);
  }

  private static void lineEnd(ByteBuf bytes) {
    bytes.writeByte('\r').writeByte('\n');
  }

  /** Whoever could put a line end in it could send a request of their own under our credential. */
  private static String checked(String pathAndQuery) {
    for (int i = 0; i < pathAndQuery.length(); i++) {
      char c = pathAndQuery.charAt(i);
      if (c <= ' ' || c >= 0x7f) {
        throw new IllegalArgumentException(
            "pathAndQuery: character " + (int) c + " at " + i + " (expected: it encoded)");
      }
    }
    return pathAndQuery;
  }
}
