package dev.spillway.testkit.faulty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.spillway.testkit.faulty.ChatAnswer.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * One request at a provider: what came, the means to answer it, and what became of it.
 *
 * <p>Scripts act on it from one thread; tests may read it from any.
 */
public final class Turn {
  private static final String LAST_CHUNK = "0\r\n\r\n";
  private static final String JSON = "Content-Type: application/json";

  private final PeerConnection connection;
  private final IncomingRequest incoming;
  private final ChatRequest request;
  private final ChatAnswer answer;
  private final int onConnection;
  private final AtomicLong sentBytes = new AtomicLong();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile Ending ending = Ending.UNDER_WAY;
  private volatile long endedNanos;

  Turn(PeerConnection connection, IncomingRequest incoming, int onConnection, String name) {
    this.connection = connection;
    this.incoming = incoming;
    this.onConnection = onConnection;
    this.request = ChatRequest.read(incoming.body());
    String id = "chatcmpl-" + name + "-" + connection.number() + "-" + onConnection;
    this.answer = new ChatAnswer(request, id, name);
  }

  /** How a turn ended. */
  public enum Ending {
    /** It has not. */
    UNDER_WAY,
    /** The provider did all it meant to. */
    PLAYED,
    /** The peer closed or reset the connection before that. */
    CANCELLED
  }

  /** What was asked. */
  public ChatRequest request() {
    return request;
  }

  /** What a well provider says to it. */
  public ChatAnswer wellAnswer() {
    return answer;
  }

  /** Request line and headers, as they came. */
  public String head() {
    return incoming.head();
  }

  /** The body, as it came. */
  public String body() {
    return incoming.body();
  }

  /** When the last byte of the request was here, by {@link System#nanoTime}. */
  public long arrivedNanos() {
    return incoming.arrivedNanos();
  }

  /** The connection that it came on: the first is 1. */
  public int connection() {
    return connection.number();
  }

  /** Which request of its connection it is: the first is 1. */
  public int onConnection() {
    return onConnection;
  }

  /** How it ended, if it has. */
  public Ending ending() {
    return ending;
  }

  /** Waits until it has ended; throws if that takes more than 10 s. */
  public Ending awaitEnding() throws InterruptedException {
    if (!over.await(10_000_000_000L, NANOSECONDS)) {
      throw new AssertionError("the provider's turn did not end within 10 s: " + incoming.head());
    }
    return ending;
  }

  /** When it ended, by {@link System#nanoTime}; means nothing before. */
  public long endedNanos() {
    return endedNanos;
  }

  /** Bytes that the socket took so far. */
  public long sentBytes() {
    return sentBytes.get();
  }

  /**
   * Answers well, with these headers as well. The end of a stream goes with its last event: a peer
   * that has its answer may ask again before it has read the end, and not find this connection.
   */
  public void answer(String... headers) throws IOException {
    if (request.resumption() == ChatRequest.Resumption.CONTRADICTORY) {
      sendAnswer(
          400, "{\"error\":{\"message\":\"cannot both continue and begin\",\"code\":400}}", JSON);
    } else if (request.streams()) {
      sendStreamHead(headers);
      ByteArrayOutputStream all = chunks(answer.events());
      all.writeBytes(LAST_CHUNK.getBytes(ISO_8859_1));
      send(all.toByteArray());
    } else {
      sendAnswer(200, answer.json(), withType("application/json", headers));
    }
  }

  /** Sends an answer of status 200 with its length. */
  public void sendJson(String body) throws IOException {
    sendAnswer(200, body, JSON);
  }

  /** Sends an answer with its length. */
  public void sendAnswer(int status, String body, String... headers) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    String length = "Content-Length: " + bytes.length + "\r\n";
    send(head(status, headers) + length + "\r\n");
    send(bytes);
  }

  /** Sends the head of an answer of chunks: a stream's if one was asked for, else JSON's. */
  public void sendStreamHead(String... headers) throws IOException {
    String type = request.streams() ? "text/event-stream" : "application/json";
    send(head(200, withType(type, headers)) + "Transfer-Encoding: chunked\r\n\r\n");
  }

  private static String[] withType(String type, String... headers) {
    return Stream.concat(Stream.of("Content-Type: " + type), Stream.of(headers))
        .toArray(String[]::new);
  }

  /**
   * Sends these events of the well answer, as far as there are any, each as a chunk; all in one
   * piece. Of many small pieces TCP keeps back what exceeds its first window until some are
   * acknowledged, and {@link #reset} throws that away.
   */
  public void sendEvents(int from, int to) throws IOException {
    List<Event> events = answer.events();
    int size = events.size();
    send(chunks(events.subList(Math.min(from, size), Math.min(to, size))).toByteArray());
  }

  private static ByteArrayOutputStream chunks(List<Event> events) {
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    for (Event each : events) {
      chunks.writeBytes(chunk(each.text()));
    }
    return chunks;
  }

  /** Sends a chunk. */
  public void sendChunk(String text) throws IOException {
    send(chunk(text));
  }

  private static byte[] chunk(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return (Integer.toHexString(bytes.length) + "\r\n" + text + "\r\n").getBytes(UTF_8);
  }

  /** Ends an answer of chunks. */
  public void sendLastChunk() throws IOException {
    send(LAST_CHUNK);
  }

  /** Sends bytes; each character is one. */
  public void send(String bytes) throws IOException {
    send(bytes.getBytes(ISO_8859_1));
  }

  /** Sends bytes. */
  public void send(byte[] bytes) throws IOException {
    connection.send(bytes);
    sentBytes.addAndGet(bytes.length);
  }

  /** Lets time pass; throws if the peer leaves in the meantime. */
  public void pause(Duration duration) throws IOException, InterruptedException {
    if (connection.awaitLeaving(duration)) {
      throw new IOException("the peer left");
    }
  }

  /** Does nothing until the peer leaves. */
  public void hold() throws IOException, InterruptedException {
    while (true) {
      pause(Duration.ofMinutes(1));
    }
  }

  /** Closes the connection in good manner. */
  public void close() {
    connection.close();
  }

  /**
   * Says that nothing more comes; over TLS by its close_notify alone, the connection stays open.
   */
  public void endOutput() throws IOException {
    connection.endOutput();
  }

  /** Closes the connection as whoever is between might: over TLS without its close_notify. */
  public void drop() {
    connection.drop();
  }

  /** Breaks the connection off. */
  public void reset() {
    connection.reset();
  }

  void ended(Ending how) {
    if (over.getCount() > 0) {
      ending = how;
      endedNanos = System.nanoTime();
      over.countDown();
    }
  }

  private static String head(int status, String... headers) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Any\r\n");
    for (String each : headers) {
      head.append(each).append("\r\n");
    }
    return head.toString();
  }
}
