package dev.spillway.gateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A decoder that remembers heads reads what one that remembers none reads. */
class LastHeadTest {
  @Test
  void requestsOfAnyLengthAreReadByTheHeadBefore() {
    Reader reader = new Reader();

    reader.read(request("12") + request("12") + request("12") + request("1234") + request("1"));

    assertThat(reader.requests)
        .containsExactly(told("12"), told("12"), told("12"), told("1234"), told("1"));
    assertThat(reader.again).isEqualTo(3); // who asks once needs no memory
  }

  @Test
  void headsThatDifferAreReadAnewAndRememberedInTurn() {
    Reader reader = new Reader();
    String other = request("1").replace("x-a: b", "x-a: c");

    reader.read(request("1") + request("1") + other + other + request("1"));

    assertThat(reader.requests).hasSize(5);
    assertThat(reader.requests.get(2)).isEqualTo(told("1").replace("x-a=b", "x-a=c"));
    assertThat(reader.requests.get(3)).isEqualTo(reader.requests.get(2));
    assertThat(reader.requests.get(4)).isEqualTo(told("1"));
    assertThat(reader.again).isEqualTo(1);
  }

  @Test
  void thoseWhoseHeadsAlwaysDifferAreComparedNoMore() {
    Reader reader = new Reader();
    for (int i = 0; i < 20; i++) {
      reader.read(request("1").replace("x-a: b", "x-a: " + i));
    }

    reader.read(request("1") + request("1") + request("1"));

    assertThat(reader.requests).hasSize(23);
    assertThat(reader.again).isZero();
  }

  @Test
  void aHeadThatIsAlikeIsHeldToTheLimitOfHeads() {
    String line = "POST /v1/chat/completions HTTP/1.1\r\n";
    int headers = request("1").indexOf("\r\n\r\n") - line.length();
    for (int limit = headers; limit < headers + line.length() + 20; limit++) {
      Reader reader = new Reader(limit);

      reader.read(request("1") + request("1") + request("1") + request("1000") + request("1"));

      Reader fresh = new Reader(limit);
      fresh.read(request("1000"));
      assertThat(reader.requests.get(3)).as("limit %d", limit).isEqualTo(fresh.requests.getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: \r\n",
        "Content-Length: 0\r\n",
        "Content-Length: 01\r\n",
        "Content-Length: +1\r\n",
        "Content-Length: 1 1\r\n",
        "Content-Length: 1,1\r\n",
        "Content-Length: 1\n",
        "Content-Length: 1 \r\n",
        "Content-Length: 0x1\r\n",
        "Content-Length: 1111111111\r\n",
        "Content-Length: 11111111111111111111\r\n",
        "Content-Length: 1\r\nContent-Length: 1\r\n",
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Content-Length: 1\r\n 1\r\n",
        "Content-Length : 1\r\n",
        "content-length: 1\r\n",
      })
  void oneThatIsFramedInAnotherWayIsReadAsAnyOther(String framing) {
    String odd = request("1").replace("Content-Length: 1\r\n", framing);

    assertThat(read(request("1") + request("1") + odd + request("1")))
        .isEqualTo(readAlone(request("1"), request("1"), odd + request("1")));
  }

  /** What is remembered is what was read, however odd it was. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\nPOST / HTTP/1.1\r\nHost: a\r\ncontent-length: 1\r\n\r\n1",
        "POST / HTTP/1.1\r\nHost: a\r\nx-content-length: 3\r\ncontent-length: 1\r\n\r\n1",
        "POST /?content-length:9 HTTP/1.1\r\nHost: a\r\nx: content-length: 7\r\nContent-length:1\r\n\r\n1",
        "POST / HTTP/1.0\r\ncontent-length: \t1\t\r\n\r\n1",
        "POST / HTTP/1.1\r\nHost: a\r\nx: y\r\n\tz\r\nCONTENT-LENGTH: 1\r\n\r\n1",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      })
  void anOddHeadIsRememberedForWhatItWasReadAs(String request) {
    assertThat(read(request.repeat(5)))
        .isEqualTo(readAlone(request, request, request, request, request));
  }

  /** Netty would take the first, and what is remembered the second. */
  @Test
  void twoLengthsAreNoneInAnyVersion() {
    String twice =
        "POST / HTTP/1.0\r\nConnection: keep-alive\r\n"
            + "Content-Length: 0000000005\r\nContent-Length: 7\r\n\r\nhello";

    assertThat(read(twice.repeat(4))).containsExactly("broken");
    assertThat(read(twice.replace("HTTP/1.0", "HTTP/1.1"))).containsExactly("broken");
    assertThat(read(twice.replace(": 0000000005", ": 7"))).containsExactly("broken");
  }

  @Test
  void anyRequestsInAnyPiecesAreReadAsWithoutMemory() {
    Random random = new Random(25);
    for (int run = 0; run < 2_000; run++) {
      List<String> requests = new ArrayList<>();
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 6; i++) {
        requests.add(mutated(request("1".repeat(1 + random.nextInt(2))), random));
        all.append(requests.getLast());
      }
      Reader reader = new Reader();
      for (int at = 0; at < all.length(); ) {
        int to = random.nextInt(4) == 0 ? at + 1 + random.nextInt(all.length() - at) : all.length();
        reader.read(all.substring(at, to));
        at = to;
      }

      assertThat(reader.requests)
          .as(all.toString())
          .isEqualTo(readAlone(requests.toArray(String[]::new)));
    }
  }

  /** Mostly as it is, else with another byte somewhere in its head that keeps its framing. */
  private static String mutated(String request, Random random) {
    if (random.nextInt(3) > 0) {
      return request;
    }
    int at = request.indexOf(random.nextBoolean() ? "chat" : "b\r\n");
    return request.substring(0, at) + (char) ('a' + random.nextInt(26)) + request.substring(at + 1);
  }

  private static String request(String length) {
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: hub\r\nContent-Length: "
        + length
        + "\r\nx-a: b\r\n\r\n"
        + "7".repeat(Integer.parseInt(length));
  }

  private static String told(String length) {
    return "POST /v1/chat/completions {content-length=%s, host=hub, x-a=b} ".formatted(length)
        + "7".repeat(Integer.parseInt(length));
  }

  private static List<String> read(String bytes) {
    Reader reader = new Reader();
    reader.read(bytes);
    return reader.requests;
  }

  private static List<String> readAlone(String... requests) {
    List<String> all = new ArrayList<>();
    for (String each : requests) {
      all.addAll(read(each));
    }
    return all;
  }

  /** Tells requests in words: a broken one as such, and nothing after it. */
  private static final class Reader {
    final List<String> requests = new ArrayList<>();
    int again;
    private final EmbeddedChannel channel;
    private String head = "";
    private StringBuilder body = new StringBuilder();
    private boolean broken;

    Reader() {
      this(8 << 10);
    }

    Reader(int limit) {
      channel = new EmbeddedChannel(new StrictRequestDecoder(limit));
    }

    void read(String bytes) {
      channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
      for (HttpObject object; (object = channel.readInbound()) != null; ) {
        tell(object);
        ReferenceCountUtil.release(object);
      }
    }

    private void tell(HttpObject object) {
      if (broken) {
        return;
      }
      if (object.decoderResult().isFailure()) {
        broken = true;
        requests.add("broken");
        return;
      }
      if (object instanceof HttpRequest request) {
        head = request.method() + " " + request.uri() + " " + sorted(request.headers());
      } else if (object instanceof HeadLikeBefore like) {
        again++;
        head = head.replaceFirst("content-length=[0-9]+", "content-length=" + like.bodyBytes());
      }
      if (object instanceof HttpContent content) {
        body.append(content.content().toString(ISO_8859_1));
      }
      if (object instanceof LastHttpContent) {
        requests.add(head + " " + body);
        body = new StringBuilder();
      }
    }

    private static Map<String, String> sorted(HttpHeaders headers) {
      Map<String, String> sorted = new TreeMap<>();
      headers.forEach(each ->
          sorted.merge(each.getKey().toLowerCase(Locale.ROOT), each.getValue(), String::concat));
      assertThat(headers.getAll(HttpHeaderNames.CONTENT_LENGTH)).hasSizeLessThan(2);
      return sorted;
    }
  }
}
