package dev.spillway.site.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.site.identity.LinkProblem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ProxyTunnelTest {
  private static final InetSocketAddress HUB =
      InetSocketAddress.createUnresolved("hub.example", 8443);
  private static final InetSocketAddress PROXY =
      InetSocketAddress.createUnresolved("proxy.example", 3128);
  private static final ProxyLogin LOGIN = new ProxyLogin("agent", "sécret:x");

  private final List<String> passed = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  @Test
  void asksForTheHubByItsNameAndShowsNoLoginThatItHasNot() {
    assertThat(asked(through(null)))
        .isEqualTo("CONNECT hub.example:8443 HTTP/1.1\r\nHost: hub.example:8443\r\n\r\n");
  }

  @Test
  void showsItsLoginByTheBasicScheme() {
    String login = Base64.getEncoder().encodeToString("agent:sécret:x".getBytes(UTF_8));

    assertThat(asked(through(LOGIN)))
        .isEqualTo(
            "CONNECT hub.example:8443 HTTP/1.1\r\nHost: hub.example:8443\r\n"
                + "Proxy-Authorization: Basic "
                + login
                + "\r\n\r\n");
  }

  @Test
  void givesTheConnectionAwayWithEverythingBehindTheHeadWhereverItIsCut() {
    String answer = "HTTP/1.1 200 Yes\r\nVia: us\r\n\r\nhello";
    for (int cut = 1; cut < answer.length(); cut++) {
      passed.clear();
      EmbeddedChannel channel = through(null);

      answer(channel, answer.substring(0, cut));
      answer(channel, answer.substring(cut));

      assertThat(String.join("", passed)).as("cut at %d", cut).isEqualTo("hello");
      assertThat(channel.pipeline().get(ProxyTunnel.class)).isNull();
    }
  }

  @Test
  void namesTheWayOfLoggingInThatAnAgentDoesNotKnow() {
    refused(through(LOGIN), "Proxy-Authenticate: Negotiate", "proxy-authenticate: NTLM abc");

    assertThat(problems)
        .containsExactly(
            "the proxy does not lead to the hub: HTTP/1.1 407 No: it takes a login by Negotiate,"
                + " NTLM only (expected: Basic, which is what an agent knows)");
  }

  @Test
  void saysThatItsLoginIsNotTakenWhereBasicIsOneOfTheWays() {
    refused(through(LOGIN), "Proxy-Authenticate: NTLM", "Proxy-Authenticate: basic realm=x");

    assertThat(problems).singleElement().asString().contains("does not take this agent's login");
  }

  @Test
  void saysOnceWhyItWasRefusedWhateverComesBehindTheHead() {
    EmbeddedChannel channel = through(null);

    answer(channel, "HTTP/1.1 502 Bad\r\n\r\n<html>");
    answer(channel, "</html>");
    channel.close();

    assertThat(problems).containsExactly("the proxy does not lead to the hub: HTTP/1.1 502 Bad");
    assertThat(passed).isEmpty();
  }

  @Test
  void readsNoHeadWithoutEnd() {
    answer(through(null), "HTTP/1.1 200 " + "x".repeat(9_000));

    assertThat(problems).containsExactly("what should be a proxy answers too much");
  }

  @Test
  void givesAProxyUpThatDoesNotAnswer() {
    EmbeddedChannel channel = through(null);

    pass(channel, 14);
    assertThat(channel.isOpen()).isTrue();
    pass(channel, 1);

    assertThat(channel.isOpen()).isFalse();
    assertThat(problems)
        .containsExactly(
            "the proxy took the connection and did not answer CONNECT within 15 s (expected: an"
                + " HTTP proxy that can reach the hub)");
  }

  @Test
  void waitsForNothingOnceItWasAnswered() {
    EmbeddedChannel channel = through(null);
    answer(channel, "HTTP/1.1 200 Yes\r\n\r\n");

    pass(channel, 60);

    assertThat(channel.isOpen()).isTrue();
    assertThat(problems).isEmpty();
  }

  @Test
  void neverShowsALogin() {
    assertThat(LOGIN.toString()).isEqualTo("***");
    assertThat(new HttpProxy(PROXY, LOGIN).toString()).doesNotContain("agent", "cret");
    assertThatThrownBy(() -> new ProxyLogin("a:b", "hidden"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hidden");
  }

  private EmbeddedChannel through(@Nullable ProxyLogin login) {
    return new EmbeddedChannel(
        new ProxyTunnel(new HttpProxy(PROXY, login), HUB, ChannelInboundHandlerAdapter::new),
        new Above());
  }

  private static String asked(EmbeddedChannel channel) {
    ByteBuf sent = channel.readOutbound();
    try {
      return sent.toString(UTF_8);
    } finally {
      sent.release();
    }
  }

  private static void refused(EmbeddedChannel channel, String... fields) {
    answer(channel, "HTTP/1.1 407 No\r\n" + String.join("\r\n", fields) + "\r\n\r\n");
  }

  private static void pass(EmbeddedChannel channel, long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  private static void answer(EmbeddedChannel channel, String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, UTF_8));
  }

  /** What hears of it. */
  private final class Above extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      passed.add(bytes.toString(UTF_8));
      bytes.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      problems.add(LinkProblem.words(cause));
    }
  }
}
