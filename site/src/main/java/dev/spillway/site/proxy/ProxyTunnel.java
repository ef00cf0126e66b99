package dev.spillway.site.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks an HTTP proxy for a way to the hub (CONNECT, RFC 9110 section 9.3.6), and gives the
 * connection to what comes next once there is one.
 *
 * <p>The proxy looks the hub's name up, and carries bytes that it cannot read. Until it has agreed,
 * nothing is said that is for the hub. Event loop only.
 */
public final class ProxyTunnel extends ByteToMessageDecoder {
  /** Long: a proxy answers once it has a connection to the hub. */
  private static final int ANSWER_WITHIN_SECONDS = 15;

  private static final int LONGEST_HEAD = 8 << 10;
  private static final int LONGEST_QUOTE = 80;
  private static final String HEAD_ENDS = "\r\n\r\n";
  private static final int MOST_SCHEMES = 4;
  private static final Pattern AGREED = Pattern.compile("HTTP/1\\.[01] 2\\d\\d( .*)?");
  private static final Pattern ASKS_FOR_LOGIN = Pattern.compile("HTTP/1\\.[01] 407( .*)?");
  private static final Pattern CHALLENGE =
      Pattern.compile("(?i)proxy-authenticate:[ \\t]*([a-z0-9-]{1,20}).*");

  private final HttpProxy proxy;
  private final InetSocketAddress hub;
  private final Supplier<ChannelHandler> next;
  private boolean answered;
  private @Nullable Future<?> limit;

  /**
   * A tunnel that is not there yet.
   *
   * @param proxy to which the connection is
   * @param hub where it is to lead; its name goes to the proxy as it is
   * @param next made when the tunnel is there, and put in this one's place
   */
  public ProxyTunnel(HttpProxy proxy, InetSocketAddress hub, Supplier<ChannelHandler> next) {
    this.proxy = proxy;
    this.hub = hub;
    this.next = next;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    String host = hub.getHostString();
    String authority = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + hub.getPort();
    String login =
        proxy.login() == null ? "" : "\r\nProxy-Authorization: " + proxy.login().authorization();
    String head = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + login + HEAD_ENDS;
    limit = ctx.executor().schedule(() -> tooLate(ctx), ANSWER_WITHIN_SECONDS, SECONDS);
    ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), head));
    ctx.fireChannelActive();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws ConnectException {
    if (answered) {
      in.skipBytes(in.readableBytes()); // what a proxy that refuses has to say to browsers
      return;
    }
    int known = Math.min(in.readableBytes(), LONGEST_HEAD);
    String says = in.toString(in.readerIndex(), known, US_ASCII);
    int end = says.indexOf(HEAD_ENDS);
    answered = end >= 0 || known == LONGEST_HEAD;
    if (answered) {
      endLimit();
    }
    if (end >= 0) {
      in.skipBytes(end + HEAD_ENDS.length());
      answered(ctx, says.substring(0, end));
    } else if (answered) {
      throw new ConnectException("what should be a proxy answers too much");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    endLimit();
    if (!answered) {
      ctx.fireExceptionCaught(new ConnectException("the proxy closed the connection"));
    }
    super.channelInactive(ctx);
  }

  private void tooLate(ChannelHandlerContext ctx) {
    answered = true; // whatever comes now
    ctx.fireExceptionCaught(
        new ConnectException(
            "the proxy took the connection and did not answer CONNECT within "
                + ANSWER_WITHIN_SECONDS
                + " s (expected: an HTTP proxy that can reach the hub)"));
    ctx.close();
  }

  private void endLimit() {
    if (limit != null) {
      limit.cancel(false);
    }
  }

  private void answered(ChannelHandlerContext ctx, String head) throws ConnectException {
    String[] lines = head.split("\r\n", -1);
    if (!AGREED.matcher(lines[0]).matches()) {
      String why = ASKS_FOR_LOGIN.matcher(lines[0]).matches() ? ": " + aboutLogin(lines) : "";
      throw new ConnectException("the proxy does not lead to the hub: " + quoted(lines[0]) + why);
    }
    ctx.pipeline().replace(this, null, next.get());
  }

  /** What to do about it; never what was shown. */
  private String aboutLogin(String[] head) {
    List<String> schemes = schemes(head);
    if (!schemes.isEmpty() && schemes.stream().noneMatch("basic"::equalsIgnoreCase)) {
      return "it takes a login by %s only (expected: Basic, which is what an agent knows)"
          .formatted(String.join(", ", schemes));
    }
    return proxy.login() == null
        ? "it asks for a login (expected: proxy-login in site.yaml)"
        : "it does not take this agent's login (expected: another proxy-login in site.yaml)";
  }

  /** By which it takes logins, as far as it says so (RFC 9110, section 11.7.1). */
  private static List<String> schemes(String[] head) {
    return Arrays.stream(head)
        .map(CHALLENGE::matcher)
        .filter(Matcher::matches)
        .map(challenge -> challenge.group(1))
        .limit(MOST_SCHEMES)
        .toList();
  }

  private static String quoted(String line) {
    String printable = line.replaceAll("[^ -~]", "?");
    return printable.substring(0, Math.min(printable.length(), LONGEST_QUOTE));
  }
}
