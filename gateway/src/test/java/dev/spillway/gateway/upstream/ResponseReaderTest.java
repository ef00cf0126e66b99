package dev.spillway.gateway.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.LeakPresenceDetector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseReaderTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

  private final Received received = new Received();
  private final ResponseReader reader = new ResponseReader();

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  /** What was told of an answer. */
  private static final class Received implements ResponseReader.Sink {
    private final List<ResponseHead> heads = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();

    @Override
    public void head(ResponseHead head) {
      heads.add(head);
      told.add("head " + head.status());
    }

    @Override
    public void body(ByteBuf bytes) {
      String text = bytes.toString(ISO_8859_1);
      body.append(text);
      told.add(text);
      bytes.release();
    }

    @Override
    public void end() {
      told.add("end");
    }

    @Override
    public void unusable(String what) {
      told.add("unusable: " + what);
    }
  }

  /** An answer, and its body as its framing says. */
  record Framed(String what, String bytes, String body) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Framed> wholeAnswers() {
    return List.of(
        new Framed("a length", OK + "Content-Length: 5\r\n\r\nhello", "hello"),
        new Framed("a length of 0", OK + "Content-Length: 0\r\n\r\n", ""),
        new Framed("chunks", CHUNKED + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"),
        new Framed(
            "sizes in both cases",
            CHUNKED + "a\r\n0123456789\r\n0A\r\n0123456789\r\n0\r\n\r\n",
            "01234567890123456789"),
        new Framed("a size with zeros before it", CHUNKED + "0003\r\nabc\r\n000\r\n\r\n", "abc"),
        new Framed("an extension", CHUNKED + "3;name=\"value\"\r\nabc\r\n0;last\r\n\r\n", "abc"),
        new Framed("a trailer", CHUNKED + "3\r\nabc\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n", "abc"),
        new Framed("CR and LF in the body", CHUNKED + "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"),
        new Framed(
            "informational answers",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\n"
                + "Link: </a>\r\n\r\n"
                + OK
                + "Content-Length: 2\r\n\r\nok",
            "ok"),
        new Framed("no reason", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", "ok"),
        new Framed("space around a value", OK + "Content-Length: \t 2 \r\n\r\nok", "ok"),
        new Framed("a refusal", "HTTP/1.1 429 Too Many\r\nContent-Length: 2\r\n\r\n{}", "{}"));
  }

  static List<Framed> hostileAnswers() {
    String long64 = "x".repeat(HeadReader.MOST_BYTES);
    return List.of(
        new Framed("no HTTP", "hello there\r\n\r\n", ""),
        new Framed("HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n", ""),
        new Framed("a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", ""),
        new Framed("a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", ""),
        new Framed("a status of 600", "HTTP/1.1 600 OK\r\n\r\n", ""),
        new Framed("a status of 099", "HTTP/1.1 099 OK\r\n\r\n", ""),
        new Framed("two lengths", OK + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", ""),
        new Framed(
            "the same length twice",
            OK + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
            ""),
        new Framed("a list of lengths", OK + "Content-Length: 5, 5\r\n\r\nhello", ""),
        new Framed("a signed length", OK + "Content-Length: +5\r\n\r\nhello", ""),
        new Framed("a negative length", OK + "Content-Length: -5\r\n\r\nhello", ""),
        new Framed("an empty length", OK + "Content-Length:\r\n\r\nhello", ""),
        new Framed(
            "a length beyond bounds", OK + "Content-Length: 9999999999999999999\r\n\r\n", ""),
        new Framed(
            "both framings",
            OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            ""),
        new Framed("another coding", OK + "Transfer-Encoding: gzip, chunked\r\n\r\n", ""),
        new Framed(
            "a coding twice",
            OK + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            ""),
        new Framed(
            "chunks of HTTP/1.0",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            ""),
        new Framed("compressed", OK + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx", ""),
        new Framed("another protocol", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", ""),
        new Framed("204 with a body", "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}", ""),
        new Framed("304", "HTTP/1.1 304 Not Modified\r\n\r\n", ""),
        new Framed("a folded line", OK + "X-A: 1\r\n 2\r\n\r\n", ""),
        new Framed("space before the colon", OK + "Content-Length : 5\r\n\r\nhello", ""),
        new Framed("no colon", OK + "Content-Length 5\r\n\r\nhello", ""),
        new Framed("no name", OK + ": 5\r\n\r\nhello", ""),
        new Framed("a line end without CR", OK + "Content-Length: 5\n\r\nhello", ""),
        new Framed("CR in a value", OK + "X-A: 1\r2\r\n\r\n", ""),
        new Framed("NUL in a value", OK + "X-A: 1\0\r\n\r\n", ""),
        new Framed("a flood of a header", OK + "X-A: " + long64, ""),
        new Framed("a flood of headers", OK + "X-A: 1\r\n".repeat(10_000), ""),
        new Framed("informational answers without end", "HTTP/1.1 100 C\r\n\r\n".repeat(17), ""),
        new Framed("no size", CHUNKED + "\r\nabc", ""),
        new Framed("a size that is none", CHUNKED + "zz\r\n", ""),
        new Framed("a size in 0x", CHUNKED + "0x3\r\nabc\r\n", ""),
        new Framed("a negative size", CHUNKED + "-3\r\nabc\r\n", ""),
        new Framed("space before a size", CHUNKED + " 3\r\nabc\r\n", ""),
        new Framed("space behind a size", CHUNKED + "3 \r\nabc\r\n", ""),
        new Framed("a size beyond bounds", CHUNKED + "7fffffffffffffff\r\nabc", ""),
        new Framed("a size that ends in LF", CHUNKED + "3\nabc\r\n", ""),
        new Framed("CR without LF", CHUNKED + "3\rabc\r\n", ""),
        new Framed("an endless extension", CHUNKED + "3;" + "x".repeat(1_025), ""),
        new Framed("LF in an extension", CHUNKED + "3;a\nabc\r\n", ""),
        new Framed("more than its size", CHUNKED + "3\r\nabcd\r\n", "abc"),
        new Framed("CR and no LF behind a chunk", CHUNKED + "3\r\nabc\rx", "abc"),
        new Framed("a bad size behind a good chunk", CHUNKED + "3\r\nabc\r\nzz\r\n", "abc"),
        new Framed("a flood of trailers", CHUNKED + "0\r\n" + "X-A: 1\r\n".repeat(10_000), ""),
        new Framed("a trailer that is none", CHUNKED + "0\r\nGET / HTTP/1.1\r\n\r\n", ""));
  }

  @ParameterizedTest
  @MethodSource("wholeAnswers")
  void readsAnAnswerWhereverItIsCut(Framed answer) {
    for (int cut = 0; cut <= answer.bytes().length(); cut++) {
      Received parts = new Received();
      reader.expect();

      int surplus = read(answer.bytes().substring(0, cut), parts);
      surplus += read(answer.bytes().substring(cut), parts);

      assertThat(parts.body.toString()).as("cut at %s", cut).isEqualTo(answer.body());
      assertThat(parts.told).as("cut at %s", cut).endsWith("end");
      assertThat(parts.heads).hasSize(1);
      assertThat(surplus).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("wholeAnswers")
  void readsAnAnswerByteByByte(Framed answer) {
    reader.expect();

    answer.bytes().chars().forEach(c -> read(String.valueOf((char) c), received));

    assertThat(received.body.toString()).isEqualTo(answer.body());
    assertThat(received.told).endsWith("end");
  }

  /** Heads that it remembers make no difference: neither one like them nor another. */
  @ParameterizedTest
  @MethodSource("wholeAnswers")
  void readsAnAnswerBehindAnyOtherAsByItself(Framed answer) {
    for (Framed other : wholeAnswers()) {
      for (Framed each : List.of(other, other, answer, answer, other, answer)) {
        Received behind = new Received();
        Received alone = new Received();
        ResponseReader fresh = new ResponseReader();
        reader.expect();
        fresh.expect();

        read(each.bytes(), behind);
        fresh.read(Unpooled.copiedBuffer(each.bytes(), ISO_8859_1), alone);

        assertThat(behind.told).as("%s behind %s", each, other).isEqualTo(alone.told);
        assertThat(behind.heads.getFirst())
            .usingRecursiveComparison()
            .isEqualTo(alone.heads.getFirst());
      }
    }
  }

  @Test
  void heedsEveryByteOfAHead() {
    String head = OK + "X-A: 1\r\nContent-Length: 2\r\n\r\n";
    for (int at = 9; at < head.length(); at++) {
      ResponseReader remembering = new ResponseReader();
      String other = head.substring(0, at) + '5' + head.substring(at + 1);
      List<String> behind = new ArrayList<>();
      List<String> alone = new ArrayList<>();

      for (String each : List.of(head, head, other)) {
        remembering.expect();
        tell(remembering, each + "ok", behind);
        ResponseReader fresh = new ResponseReader();
        fresh.expect();
        tell(fresh, each + "ok", alone);
      }

      assertThat(behind).as(other).isEqualTo(alone);
    }
  }

  private static void tell(ResponseReader reader, String bytes, List<String> to) {
    Received received = new Received();
    reader.read(Unpooled.copiedBuffer(bytes, ISO_8859_1), received);
    to.addAll(received.told);
    received.heads.forEach(
        head -> to.add(head.framing() + " " + head.length() + " " + head.headers().entries()));
  }

  @ParameterizedTest
  @MethodSource("hostileAnswers")
  void refusesWhatTwoReadersCouldReadDifferently(Framed answer) {
    reader.expect();

    read(answer.bytes(), received);

    assertThat(received.told.getLast()).startsWith("unusable: ");
    assertThat(received.body.toString()).isEqualTo(answer.body());
  }

  @ParameterizedTest
  @MethodSource("hostileAnswers")
  void refusesItByteByByteToo(Framed answer) {
    reader.expect();

    answer.bytes().chars().forEach(c -> read(String.valueOf((char) c), received));

    assertThat(received.told.stream().filter(each -> each.startsWith("unusable: "))).hasSize(1);
    assertThat(received.told).doesNotContain("end");
  }

  @Test
  void handsOnTheVeryBufferThatWasRead() {
    reader.expect();
    read(CHUNKED, received);
    ByteBuf in = Unpooled.copiedBuffer("5\r\nhello\r\n6\r\n world\r\n", ISO_8859_1);
    List<ByteBuf> handed = new ArrayList<>();

    reader.read(
        in,
        new ResponseReader.Sink() {
          @Override
          public void head(ResponseHead head) {}

          @Override
          public void body(ByteBuf bytes) {
            handed.add(bytes);
          }

          @Override
          public void end() {}

          @Override
          public void unusable(String what) {}
        });

    assertThat(handed).hasSize(1);
    assertThat(handed.getFirst()).isSameAs(in);
    assertThat(in.toString(ISO_8859_1)).isEqualTo("hello world");
    in.release();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 2\r\n\r\nok",
        "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
      })
  void tellsOfBytesAfterTheEnd(String answer) {
    reader.expect();

    int surplus = read(OK + answer + OK, received);

    assertThat(surplus).isEqualTo(OK.length());
    assertThat(received.told).containsExactly("head 200", "ok", "end");
  }

  @Test
  void readsUntilTheConnectionClosesWhereNothingElseIsSaid() {
    reader.expect();
    read(OK + "\r\nsome", received);
    read(" text", received);

    assertThat(reader.closed()).isTrue();
    assertThat(received.body.toString()).isEqualTo("some text");
    assertThat(received.heads.getFirst().persistent()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200",
        OK + "Content-Length: 5\r\n\r\nhell",
        CHUNKED + "5\r\nhello\r\n"
      })
  void aCloseAnywhereElseIsNoEnd(String bytes) {
    reader.expect();
    read(bytes, received);

    assertThat(reader.closed()).isFalse();
    assertThat(received.told).doesNotContain("end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "SSH-2.0-x", "HTTP/2", "HTTP/1:", "PRI * ", "\n"})
  void refusesAtOnceWhatNeverBecomesAHead(String bytes) {
    reader.expect();
    read(bytes, received);

    assertThat(received.told).hasSize(1).allMatch(each -> each.startsWith("unusable: "));
  }

  @Test
  void keepsAConnectionOnlyIfTheAnswerLetsIt() {
    assertThat(persistent(OK + "Content-Length: 0\r\n\r\n")).isTrue();
    assertThat(persistent(OK + "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n")).isTrue();
    assertThat(persistent(OK + "Content-Length: 0\r\nConnection: foo, Close\r\n\r\n")).isFalse();
    assertThat(persistent("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")).isFalse();
  }

  @Test
  void takesARefusalsStatusButNotItsCompressedBody() {
    reader.expect();

    int surplus =
        read(
            "HTTP/1.1 429 No\r\nRetry-After: 3\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx",
            received);

    assertThat(received.told).containsExactly("head 429", "end");
    assertThat(received.heads.getFirst().headers().get("retry-after")).isEqualTo("3");
    assertThat(surplus).isEqualTo(2);
  }

  private boolean persistent(String bytes) {
    Received answer = new Received();
    reader.expect();
    read(bytes, answer);
    return answer.heads.getFirst().persistent();
  }

  /** Reads while there is an answer to read, as a connection does. */
  private int read(String bytes, Received into) {
    return reader.read(Unpooled.copiedBuffer(bytes, ISO_8859_1), into);
  }
}
