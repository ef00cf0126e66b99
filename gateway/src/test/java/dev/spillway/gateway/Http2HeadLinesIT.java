package dev.spillway.gateway;

import static dev.spillway.gateway.Http2Frames.DATA;
import static dev.spillway.gateway.Http2Frames.END_HEADERS;
import static dev.spillway.gateway.Http2Frames.END_STREAM;
import static dev.spillway.gateway.Http2Frames.HEADERS;
import static dev.spillway.gateway.Http2Frames.NONE;
import static dev.spillway.gateway.Http2Frames.RST_STREAM;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.CHAT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lines of a head and of trailers over HTTP/2: as many as over HTTP/1.1. */
class Http2HeadLinesIT {
  private static final int MOST = 256;

  /** The key, and the type of the body. */
  private static final int USUAL = 2;

  private ScriptedProvider provider;
  private TestHub hub;
  private Http2Client client;

  @BeforeEach
  void start() throws Exception {
    provider = new ScriptedProvider(Answers.HELLO);
    hub = TestHub.before(provider.port());
    client = new Http2Client(hub);
  }

  @AfterEach
  void leaksNothing() throws Exception {
    client.close();
    hub.close();
    provider.close();
    LeakPresenceDetector.check();
  }

  @Test
  void areTakenUpToTheMost() throws Exception {
    client.open(NONE, Http2Requests.headers(CHAT, lines(MOST - USUAL))).data(ASK);
    trailers(MOST);

    assertThat(client.receive().status()).isEqualTo(200);
  }

  @Test
  void areRefusedInAHeadThatHasMore() throws Exception {
    client.open(END_STREAM, Http2Requests.headers(CHAT, lines(MOST)));

    assertRefused();
  }

  /** Whoever has sent its body as well, in the same write, reads why all the same. */
  @Test
  void areRefusedInAHeadThatHasMoreAndABody() throws Exception {
    byte[] head = Http2Frames.headers(Http2Requests.headers(CHAT, lines(MOST)));
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(Http2Frames.bytes(HEADERS, END_HEADERS, 1, head));
    both.writeBytes(Http2Frames.bytes(DATA, END_STREAM, 1, ASK.getBytes(US_ASCII)));
    client.frames().raw(both.toByteArray());

    StringBuilder body = new StringBuilder();
    Http2Frames.Frame frame = next();
    while (frame.stream() != 1 || !frame.has(END_STREAM)) {
      assertThat(frame.type()).isNotEqualTo(RST_STREAM);
      frame = next();
      if (frame.type() == DATA) {
        body.append(new String(frame.payload(), US_ASCII));
      }
    }
    assertThat(body).contains("256 lines");
  }

  @Test
  void areRefusedInTrailersThatHaveMore() throws Exception {
    client.open(NONE, Http2Requests.headers(CHAT)).data(ASK);
    trailers(MOST + 1);

    assertRefused();
  }

  private Http2Frames.Frame next() throws Exception {
    return Objects.requireNonNull(client.frames().read(), "closed");
  }

  private void assertRefused() throws Exception {
    ReceivedMessage refusal = client.receive();
    assertThat(refusal.status()).isEqualTo(431);
    assertThat(refusal.body()).contains("256 lines", "headers_too_large");
    assertThat(refusal.whole()).isTrue();
    assertThat(provider.requests()).isEmpty();
    assertThat(client.send(Requests.chat(ASK)).receive().status()).isEqualTo(200);
  }

  private void trailers(int lines) throws Exception {
    byte[] block = Http2Frames.headers(lines(lines));
    client.frames().write(HEADERS, END_HEADERS | END_STREAM, client.lastStream(), block);
  }

  /** Names and values by turns. */
  private static String[] lines(int number) {
    String[] lines = new String[2 * number];
    Arrays.fill(lines, "x");
    return lines;
  }
}
