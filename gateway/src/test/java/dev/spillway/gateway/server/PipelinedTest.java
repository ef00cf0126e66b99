package dev.spillway.gateway.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PipelinedTest {
  private final Pipelined pipelined = new Pipelined();

  @Test
  void isFullOfSoManyBytes() {
    assertThat(pipelined.add(content(60 << 10))).isFalse();
    assertThat(pipelined.add(content(4 << 10))).isTrue();
    pipelined.forget();
  }

  @Test
  void isFullOfLongHeads() {
    assertThat(pipelined.add(head(30 << 10))).isFalse();
    assertThat(pipelined.add(head(30 << 10))).isFalse();
    assertThat(pipelined.add(head(30 << 10))).isTrue();
  }

  @Test
  void isFullOfSoManyObjects() {
    for (int i = 0; i < 31; i++) {
      assertThat(pipelined.add(content(1))).isFalse();
    }
    assertThat(pipelined.add(content(1))).isTrue();
    pipelined.forget();
  }

  @Test
  void hasRoomForAsMuchAgainWhenAllIsTakenUpOrForgotten() {
    pipelined.add(content(64 << 10));
    pipelined.takeUp(() -> false, ReferenceCountUtil::release);
    assertThat(pipelined.add(content(63 << 10))).isFalse();
    pipelined.forget();

    assertThat(pipelined.add(content(63 << 10))).isFalse();
    pipelined.forget();
  }

  @Test
  void hasRoomForWhatIsTakenUp() {
    pipelined.add(content(60 << 10));
    pipelined.add(content(60 << 10));
    AtomicInteger taken = new AtomicInteger();

    pipelined.takeUp(
        () -> taken.get() == 1,
        each -> {
          taken.incrementAndGet();
          ReferenceCountUtil.release(each);
        });

    assertThat(pipelined.isFull()).isFalse();
    pipelined.forget();
  }

  private static HttpContent content(int bytes) {
    return new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[bytes]));
  }

  private static HttpRequest head(int bytes) {
    EmbeddedChannel channel = new EmbeddedChannel(new StrictRequestDecoder(64 << 10));
    String head = "GET / HTTP/1.1\r\nx: " + "a".repeat(bytes) + "\r\n\r\n";
    channel.writeInbound(Unpooled.copiedBuffer(head, US_ASCII));
    return channel.readInbound();
  }
}
