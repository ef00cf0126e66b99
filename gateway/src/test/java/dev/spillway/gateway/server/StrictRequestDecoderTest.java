package dev.spillway.gateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of what does not end no more is kept than a head may have, however it comes. */
class StrictRequestDecoderTest {
  private static final String LINE = "GET / HTTP/1.1\r\n";
  private static final String CHUNKED =
      "POST / HTTP/1.1\r\nhost: hub\r\ntransfer-encoding: chunked\r\n\r\n0\r\n";

  private final EmbeddedChannel channel = new EmbeddedChannel(new StrictRequestDecoder(64 << 10));

  @ParameterizedTest
  @ValueSource(
      strings = {
        LINE + "|a:\r\n",
        LINE + "a: b\r\n| \r\n",
        LINE + "a: b\r\n|\tc\r\n",
        "|\r\n",
        CHUNKED + "|a:\r\n",
        CHUNKED + "a: b\r\n| \r\n",
      })
  void takesNoMoreThanSoManyLinesOneByOne(String beginAndLine) {
    int cut = beginAndLine.indexOf('|');
    String line = beginAndLine.substring(cut + 1);
    feed(beginAndLine.substring(0, cut));

    int fed = 0;
    boolean refused = false;
    while (!refused && fed < 1_000) {
      feed(line);
      fed++;
      refused = isRefused();
    }

    assertThat(fed).isBetween(StrictHeaders.MOST - 3, StrictHeaders.MOST + 1);
    feed(line);
    assertThat(channel.<HttpObject>readInbound()).isNull();
  }

  @Test
  void takesNoMoreThanSoManyLinesAtOnce() {
    feed(LINE + "a:\r\n".repeat(10_000));

    assertThat(isRefused()).isTrue();
  }

  @Test
  void takesNoMoreThanSoManyLinesOfOneHeaderAtOnce() {
    feed("\r\n" + LINE + "a: b\r\n" + " \r\n".repeat(1_000) + "\r\n");

    assertThat(isRefused()).isTrue();
  }

  @Test
  void takesABodyOfAnyLinesWithTheEndOfItsHead() {
    feed("\r\nPOST / HTTP/1.1\r\ncontent-length: 9000\r\n");
    feed("\r\n" + "\n".repeat(9_000));
    assertThat(isRefused()).isFalse();

    feed("POST / HTTP/1.1\r\ncontent-length: 9000\r\n\r\n" + "\n".repeat(9_000));
    assertThat(isRefused()).isFalse();
  }

  @Test
  void takesAsManyLinesAsThereMayBeOneByOne() {
    feed(LINE);
    for (int i = 0; i < StrictHeaders.MOST - 1; i++) {
      feed("a:\r\n");
    }
    feed("\r\n");

    assertThat(isRefused()).isFalse();
  }

  @Test
  void countsNoChunks() {
    feed(CHUNKED.substring(0, CHUNKED.length() - 3));
    for (int i = 0; i < 2 * StrictHeaders.MOST; i++) {
      feed("1\r\n");
      feed("a\r\n");
    }
    feed("0\r\n\r\n");

    assertThat(isRefused()).isFalse();
  }

  private void feed(String bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
  }

  /** Whether what was read last could not be. */
  private boolean isRefused() {
    boolean refused = false;
    for (@Nullable HttpObject each = channel.readInbound();
        each != null;
        each = channel.readInbound()) {
      refused = each.decoderResult().isFailure();
      ReferenceCountUtil.release(each);
    }
    return refused;
  }
}
