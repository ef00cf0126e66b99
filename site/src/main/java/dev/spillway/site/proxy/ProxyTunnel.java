package dev.spillway.site.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Asks an HTTP proxy for a way to the hub (CONNECT, RFC 9110 section 9.3.6), and gives the
 * connection to what comes next once there is one.
 *
 * <p>The proxy looks the hub's name up, and carries bytes that it cannot read. Until it has agreed,
 * nothing is said that is for the hub. Event loop only.
 */
public final class ProxyTunnel extends ByteToMessageDecoder {
  private static final int LONGEST_HEAD = 8 << 10;
  private static final int LONGEST_QUOTE = 80;
  private static final String HEAD_ENDS = "\r\n\r\n";
  private static final Pattern AGREED = Pattern.compile("HTTP/1\\.[01] 2\\d\\d( .*)?");

  private final InetSocketAddress hub;
  private final Supplier<ChannelHandler> next;
  private boolean answered;

  /**
   * A tunnel that is not there yet.
   *
   * @param hub where it is to lead; its name goes to the proxy as it is
   * @param next made when the tunnel is there, and put in this one's place
   */
  public ProxyTunnel(InetSocketAddress hub, Supplier<ChannelHandler> next) {
    this.hub = hub;
    this.next = next;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    String host = hub.getHostString();
    String authority = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + hub.getPort();
    String head = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + HEAD_ENDS;
    ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), head));
    ctx.fireChannelActive();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws ConnectException {
    int known = Math.min(in.readableBytes(), LONGEST_HEAD);
    String says = in.toString(in.readerIndex(), known, US_ASCII);
    int end = says.indexOf(HEAD_ENDS);
    answered = end >= 0 || known == LONGEST_HEAD;
    if (end >= 0) {
      in.skipBytes(end + HEAD_ENDS.length());
      agreed(ctx, says.substring(0, says.indexOf('\r')));
    } else if (answered) {
      throw new ConnectException("what should be a proxy answers too much");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    if (!answered) {
      ctx.fireExceptionCaught(new ConnectException("the proxy closed the connection"));
    }
    super.channelInactive(ctx);
  }

  private void agreed(ChannelHandlerContext ctx, String statusLine) throws ConnectException {
    if (!AGREED.matcher(statusLine).matches()) {
      throw new ConnectException("the proxy does not lead to the hub: " + quoted(statusLine));
    }
    ctx.pipeline().replace(this, null, next.get());
  }

  private static String quoted(String line) {
    String printable = line.replaceAll("[^ -~]", "?");
    return printable.substring(0, Math.min(printable.length(), LONGEST_QUOTE));
  }
}
