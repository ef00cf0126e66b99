package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.HELLO;
import static dev.spillway.gateway.Answers.WHOLE;
import static dev.spillway.gateway.Http2Frames.CANCEL;
import static dev.spillway.gateway.Http2Frames.CONTINUATION;
import static dev.spillway.gateway.Http2Frames.DATA;
import static dev.spillway.gateway.Http2Frames.END_HEADERS;
import static dev.spillway.gateway.Http2Frames.END_STREAM;
import static dev.spillway.gateway.Http2Frames.ENHANCE_YOUR_CALM;
import static dev.spillway.gateway.Http2Frames.HEADERS;
import static dev.spillway.gateway.Http2Frames.NONE;
import static dev.spillway.gateway.Http2Frames.PING;
import static dev.spillway.gateway.Http2Frames.PROTOCOL_ERROR;
import static dev.spillway.gateway.Http2Frames.REFUSED_STREAM;
import static dev.spillway.gateway.Http2Frames.RST_STREAM;
import static dev.spillway.gateway.Http2Frames.SETTINGS;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.CHAT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client of HTTP/2 may not do: it is told so, and others are served. */
class Http2LimitsIT {
  private static final int STREAMS = 128;
  private static final int LONGEST_FRAME = 16 << 10;
  private static final byte[] NOTHING = {};
  private static final byte[] ONE = {0};

  private ScriptedProvider provider;
  private TestHub hub;
  private Http2Client client;

  @BeforeEach
  void start() throws Exception {
    provider = new ScriptedProvider(HELLO);
    hub = TestHub.before(provider.port());
    client = new Http2Client(hub);
  }

  @AfterEach
  void servesOthersAndLeaksNothing() throws Exception {
    try (Http2Client other = new Http2Client(hub)) {
      assertThat(other.send(Requests.chat(ASK)).receive().body()).isEqualTo(WHOLE);
    }
    client.close();
    hub.close();
    provider.close();
    LeakPresenceDetector.check();
  }

  /** Headers that are no request, and why not. */
  @SuppressWarnings("ArrayRecordComponent") // compared with nothing
  record Malformed(String what, int flags, String... headers) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Malformed> malformed() {
    return List.of(
        malformed("connection", with("connection", "close")),
        malformed("transfer-encoding", with("transfer-encoding", "chunked")),
        malformed("te other than trailers", with("te", "gzip")),
        malformed("keep-alive", with("keep-alive", "timeout=5")),
        malformed("upgrade", with("upgrade", "websocket")),
        malformed("a name in capitals", with("X-Big", "a")),
        malformed("a name with a space", with("x big", "a")),
        malformed("a value with a line break", with("x-big", "a\r\nx-other: b")),
        malformed("an unknown pseudo-header", with(":other", "a")),
        malformed("a pseudo-header after others", with(":path", "/v1/models")),
        malformed("a status", with(":status", "200")),
        malformed("two lengths", with("content-length", "2", "content-length", "3")),
        malformed("a length in words", with("content-length", "two")),
        malformed("no method", ":path", "/v1/models", ":scheme", "http", ":authority", "hub"),
        malformed("an empty method", ":method", "", ":path", "/v1/models", ":scheme", "http"),
        malformed(
            "two words of method", ":method", "A B", ":path", "/v1/models", ":scheme", "http"),
        malformed(
            "a path in two lines",
            ":method",
            "GET",
            ":path",
            "/ HTTP/1.1\r\na: b",
            ":scheme",
            "http"),
        malformed("no scheme", ":method", "GET", ":path", "/v1/models", ":authority", "hub"),
        malformed("no path", ":method", "GET", ":scheme", "http", ":authority", "hub"),
        malformed("an empty path", ":method", "GET", ":scheme", "http", ":path", ""),
        malformed("a tunnel", ":method", "CONNECT", ":authority", "other:443"),
        malformed(
            "a tunnel for WebSockets",
            Http2Requests.headers("CONNECT /v1/realtime", ":protocol", "websocket")),
        malformed("two paths", ":method", "GET", ":path", "/a", ":path", "/b", ":scheme", "http"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void resetsARequestThatIsNone(Malformed request) throws Exception {
    client.open(request.flags(), request.headers());

    assertThat(client.receiveReset()).isEqualTo(PROTOCOL_ERROR);
    assertThat(client.send(Requests.chat(ASK)).receive().body()).isEqualTo(WHOLE);
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void takesTrailersAndTheirAnnouncement() throws Exception {
    client.open(NONE, Http2Requests.headers(CHAT, "te", "trailers")).data(ASK);
    client
        .frames()
        .write(
            HEADERS,
            END_HEADERS | END_STREAM,
            client.lastStream(),
            Http2Frames.headers("x-checksum", "1"));

    assertThat(client.receive().body()).isEqualTo(WHOLE);
  }

  @Test
  void resetsASecondHeadInTheSameStream() throws Exception {
    client.open(NONE, Http2Requests.headers(CHAT)).data(ASK);
    byte[] second = Http2Frames.headers(Http2Requests.headers(CHAT));
    client.frames().write(HEADERS, END_HEADERS | END_STREAM, client.lastStream(), second);

    assertThat(client.receiveReset()).isEqualTo(PROTOCOL_ERROR);
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void resetsABodyThatIsLongerThanItSaid() throws Exception {
    client.open(NONE, Http2Requests.headers(CHAT, "content-length", "5")).data(ASK);

    assertThat(client.receiveReset()).isEqualTo(PROTOCOL_ERROR);
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void resetsABodyThatIsShorterThanItSaid() throws Exception {
    client.open(NONE, Http2Requests.headers(CHAT, "content-length", "500")).data(ASK);
    client.frames().write(DATA, END_STREAM, client.lastStream(), NOTHING);

    assertThat(client.receiveReset()).isEqualTo(PROTOCOL_ERROR);
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void refusesTheStreamAfterTheMost() throws Exception {
    for (int i = 0; i < STREAMS; i++) {
      client.open(NONE, Http2Requests.headers(CHAT));
    }

    client.open(NONE, Http2Requests.headers(CHAT));
    assertThat(client.receiveReset()).isEqualTo(REFUSED_STREAM);

    client.leave();
    client.open(NONE, Http2Requests.headers(CHAT));
    client.frames().write(DATA, END_STREAM, client.lastStream(), ASK.getBytes(US_ASCII));
    for (int i = 1; i < STREAMS; i++) {
      client.leave();
    }
    assertThat(client.receive().body()).isEqualTo(WHOLE);
  }

  /** Before it has read our settings, which is allowed, and after it. */
  @Test
  void answersAsManyAsItMayWhenMoreComeWithTheirBodies() throws Exception {
    int sent = STREAMS + 200;
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < sent; i++) {
        client.open(NONE, Http2Requests.headers(CHAT));
      }
      int first = client.lastStream() - 2 * (sent - 1);
      for (int stream = first; stream <= client.lastStream(); stream += 2) {
        client.frames().write(DATA, END_STREAM, stream, ASK.getBytes(US_ASCII));
      }

      assertThat(client.receiveReset()).isEqualTo(REFUSED_STREAM);
      int whole = 0;
      for (int i = 1; i < sent; i++) {
        whole += client.receive().body().equals(WHOLE) ? 1 : 0;
      }
      assertThat(whole).as("round %d", round).isEqualTo(STREAMS);
    }
    assertThat(client.send(Requests.chat(ASK)).receive().body()).isEqualTo(WHOLE);
  }

  @Test
  void tellsWhoseHeadersAreTooLong() throws Exception {
    client.open(END_STREAM, Http2Requests.headers(CHAT, "x-big", "a".repeat(15_000)));
    assertThat(client.receive().status()).isEqualTo(400);

    String[] many = new String[2 * 4_500];
    Arrays.fill(many, "x");
    sendInParts(Http2Frames.headers(Http2Requests.headers(CHAT, many)));

    assertThat(client.receive().status()).isEqualTo(431);
  }

  @Test
  void tellsWhoseHeadersGrowTooLongWhenTheyAreUnpacked() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.writeBytes(Http2Frames.headers(Http2Requests.headers(CHAT)));
    byte[] literal = Http2Frames.headers("x-bomb", "a".repeat(3_900));
    // Kept in the table of both sides, to be named by one byte from then on.
    literal[0] = 0x40;
    bomb.writeBytes(literal);
    for (int i = 0; i < 10_000; i++) {
      bomb.write(0x80 | 62);
    }
    sendInParts(bomb.toByteArray());

    assertThat(client.receive().status()).isEqualTo(431);
  }

  static List<Flood> floods() {
    byte[] request = Http2Frames.headers(Http2Requests.headers(CHAT));
    byte[] head = Http2Frames.bytes(HEADERS, END_HEADERS, 1, request);
    byte[] begun = Http2Frames.bytes(HEADERS, NONE, 1, request);
    return List.of(
        new Flood("resets", NOTHING, 1_500, Http2LimitsIT::reset),
        new Flood("resets of what is served", NOTHING, 1_500, Http2LimitsIT::servedAndReset),
        new Flood("more streams than it may have", NOTHING, 1_500, Http2LimitsIT::uploading),
        new Flood("continuations", begun, 100, _ -> Http2Frames.bytes(CONTINUATION, 0, 1, ONE)),
        new Flood("nothing continued", begun, 100, _ -> empty(CONTINUATION, 1)),
        new Flood("empty data", head, 100, _ -> empty(DATA, 1)),
        new Flood("settings", NOTHING, 3_000, _ -> empty(SETTINGS, 0)),
        new Flood("pings", NOTHING, 3_000, _ -> Http2Frames.bytes(PING, NONE, 0, new byte[8])));
  }

  @ParameterizedTest
  @MethodSource("floods")
  void closesForAFlood(Flood flood) throws Exception {
    client.frames().offer(flood.bytes());

    assertThat(client.receiveGoodbye().error()).isEqualTo(ENHANCE_YOUR_CALM);
    assertThat(client.receiveOrClosed()).isNull();
  }

  /** Frames that cost a client little. */
  @SuppressWarnings("ArrayRecordComponent") // compared with nothing
  record Flood(String what, byte[] first, int times, IntFunction<byte[]> each) {
    byte[] bytes() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(first);
      IntStream.range(0, times).mapToObj(each).forEach(all::writeBytes);
      return all.toByteArray();
    }

    @Override
    public String toString() {
      return what;
    }
  }

  private static byte[] reset(int number) {
    int stream = 2 * number + 1;
    byte[] request = Http2Frames.headers(Http2Requests.headers(CHAT));
    return together(
        Http2Frames.bytes(HEADERS, END_HEADERS, stream, request),
        Http2Frames.bytes(RST_STREAM, NONE, stream, Http2Frames.number(CANCEL)));
  }

  private static byte[] servedAndReset(int number) {
    int stream = 2 * number + 1;
    byte[] request = Http2Frames.headers(Http2Requests.headers(CHAT));
    return together(
        Http2Frames.bytes(HEADERS, END_HEADERS, stream, request),
        Http2Frames.bytes(DATA, END_STREAM, stream, ASK.getBytes(US_ASCII)),
        Http2Frames.bytes(RST_STREAM, NONE, stream, Http2Frames.number(CANCEL)));
  }

  private static byte[] uploading(int number) {
    int stream = 2 * number + 1;
    byte[] request = Http2Frames.headers(Http2Requests.headers(CHAT));
    return together(
        Http2Frames.bytes(HEADERS, END_HEADERS, stream, request),
        Http2Frames.bytes(DATA, NONE, stream, ONE));
  }

  private static byte[] empty(int type, int stream) {
    return Http2Frames.bytes(type, NONE, stream, NOTHING);
  }

  private static byte[] together(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Sends a request that is no more than its head, in as many frames as that takes. */
  private void sendInParts(byte[] block) throws IOException {
    int first = Math.min(LONGEST_FRAME, block.length);
    boolean whole = first == block.length;
    client.open(END_STREAM | (whole ? END_HEADERS : NONE), Arrays.copyOf(block, first));
    for (int at = first; at < block.length; at += LONGEST_FRAME) {
      int end = Math.min(at + LONGEST_FRAME, block.length);
      int flags = end == block.length ? END_HEADERS : NONE;
      byte[] part = Arrays.copyOfRange(block, at, end);
      client.frames().write(CONTINUATION, flags, client.lastStream(), part);
    }
  }

  private static Malformed malformed(String what, String... headers) {
    return new Malformed(what, END_STREAM, headers);
  }

  /** A good request, and one thing more. */
  private static String[] with(String... more) {
    return Http2Requests.headers("GET /v1/models", more);
  }
}
