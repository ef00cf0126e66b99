package dev.spillway.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;

class HeadWriterTest {
  @Test
  void writesLines() {
    HttpHeaders headers = FlatHeaders.trusting().add(HttpHeaderNames.HOST, "a").add("B", "c d");

    HeadWriter head = HeadWriter.begin().text("GET / HTTP/1.1\r\n").headers(headers);

    assertThat(written(head.contentLength(42).lineEnd()))
        .isEqualTo("GET / HTTP/1.1\r\nhost: a\r\nB: c d\r\ncontent-length: 42\r\n\r\n");
  }

  @Test
  void writesHeadersOfOthersToo() {
    assertThat(written(HeadWriter.begin().headers(new DefaultHttpHeaders().add("a", "b"))))
        .isEqualTo("a: b\r\n");
  }

  /** Of U+010A and U+010D, the lower bytes are a line's end. */
  @Test
  void makesNoLineEndOfWhatIsNone() {
    assertThat(written(HeadWriter.begin().header("a", "é\u010d\u010ax-admin: 1")))
        .isEqualTo("a: é??x-admin: 1\r\n");
  }

  @Test
  void takesAPartOfAnArrayForThatPart() {
    AsciiString part = AsciiString.of("xx-namexx").subSequence(1, 7, false);

    assertThat(written(HeadWriter.begin().header(part, part))).isEqualTo("x-name: x-name\r\n");
  }

  @Test
  void growsAndForgets() {
    String wide = "v".repeat(5_000);

    assertThat(written(HeadWriter.begin().header("a", wide))).isEqualTo("a: " + wide + "\r\n");
    assertThat(written(HeadWriter.begin().header("a", "b"))).isEqualTo("a: b\r\n");
  }

  private static String written(HeadWriter head) {
    ByteBuf buffer = Unpooled.buffer();
    head.to(buffer);
    return buffer.toString(ISO_8859_1);
  }
}
