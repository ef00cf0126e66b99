package dev.spillway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.gateway.Http2Streams.Goodbye;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A client of HTTP/2 whose every frame is written and read by the thread that uses it: while a test
 * receives nothing, nothing is taken. Each request is a stream of its own.
 */
final class Http2Client implements TestClient {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int WIDE = 1 << 24;

  private final Http2Frames frames;
  private final Http2Streams streams;
  private int bodyLeft;

  /** One that takes all that comes. */
  Http2Client(TestHub hub) throws IOException {
    this(connected(hub));
  }

  /** One that takes all that comes, on a connection that it takes over. */
  Http2Client(Socket socket) throws IOException {
    this(socket, WIDE, true);
  }

  private Http2Client(Socket socket, int window, boolean grants) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    frames = new Http2Frames(socket);
    frames.settings(Http2Frames.INITIAL_WINDOW_SIZE, window);
    frames.windowUpdate(0, WIDE);
    streams = new Http2Streams(frames, grants);
  }

  /** One whose answers may each have so many bytes under way, and no more until it grants them. */
  static Http2Client miserly(TestHub hub, int windowBytes) throws IOException {
    return new Http2Client(connected(hub), windowBytes, false);
  }

  @Override
  public Http2Client send(String bytes) throws IOException {
    String rest = bytes;
    while (!rest.isEmpty()) {
      rest = bodyLeft > 0 ? body(rest) : head(rest);
    }
    return this;
  }

  @Override
  public ReceivedMessage receive() throws IOException {
    ReceivedMessage message = receiveOrClosed();
    if (message == null) {
      throw new IOException("the hub closed the connection without an answer");
    }
    return message;
  }

  /** A stream that was reset before its head came is an answer that is empty and not whole. */
  @Override
  public @Nullable ReceivedMessage receiveOrClosed() throws IOException {
    while (true) {
      Http2Answer answer = streams.oldest();
      ReceivedMessage interim = answer == null ? null : answer.nextInterim();
      if (interim != null) {
        return interim;
      }
      if (answer != null && (answer.isOver() || (streams.isClosed() && answer.hasBegun()))) {
        streams.forget(answer);
        return answer.message();
      }
      if (streams.isClosed()) {
        return null;
      }
      streams.receive();
    }
  }

  @Override
  public String receiveUntil(String end) throws IOException {
    Http2Answer answer = reading();
    for (String text = answer.until(end); ; text = answer.until(end)) {
      if (text != null) {
        return text;
      }
      if (isOver(answer)) {
        throw new IOException("the hub ended the stream after: " + answer.message());
      }
      streams.receive();
    }
  }

  @Override
  public String receiveRest() throws IOException {
    return ended().rest();
  }

  /** What the stream that was opened last is reset with; negative if the connection closes. */
  int receiveReset() throws IOException {
    Http2Answer answer = streams.newest();
    while (!streams.isClosed() && !answer.isReset()) {
      streams.receive();
    }
    streams.forget(answer);
    return answer.resetWith();
  }

  /** The next GOAWAY; fails if the connection closes without one. */
  Goodbye receiveGoodbye() throws IOException {
    for (Goodbye goodbye = streams.nextGoodbye(); ; goodbye = streams.nextGoodbye()) {
      if (goodbye != null) {
        return goodbye;
      }
      if (streams.isClosed()) {
        throw new IOException("the hub closed the connection without a goodbye");
      }
      streams.receive();
    }
  }

  /** Resets the stream that it is reading; the connection and its other streams go on. */
  @Override
  public void leave() throws IOException {
    Http2Answer answer = reading();
    streams.forget(answer);
    frames.reset(answer.stream(), Http2Frames.CANCEL);
  }

  /** Lets more of the answer that it is reading come. */
  void grant(int bytes) throws IOException {
    frames.windowUpdate(reading().stream(), bytes);
  }

  /** Opens a stream with these headers, names and values by turns, in their order. */
  Http2Client open(int flags, String... namesAndValues) throws IOException {
    return open(flags | Http2Frames.END_HEADERS, Http2Frames.headers(namesAndValues));
  }

  /** Opens a stream with this header block, or the first part of it. */
  Http2Client open(int flags, byte[] block) throws IOException {
    streams.open(flags, block);
    return this;
  }

  /** Sends more of the body of the stream that was opened last, which does not end. */
  Http2Client data(String bytes) throws IOException {
    streams.data(bytes.getBytes(ISO_8859_1), false);
    return this;
  }

  /** The stream that was opened last. */
  int lastStream() {
    return streams.last();
  }

  /** To send what no request has. */
  Http2Frames frames() {
    return frames;
  }

  @Override
  public void close() throws IOException {
    frames.close();
  }

  private static Socket connected(TestHub hub) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), hub.port());
  }

  private Http2Answer reading() {
    Http2Answer answer = streams.oldest();
    if (answer == null) {
      throw new IllegalStateException("nothing was asked that was not answered");
    }
    return answer;
  }

  private Http2Answer ended() throws IOException {
    Http2Answer answer = reading();
    while (!isOver(answer)) {
      streams.receive();
    }
    streams.forget(answer);
    return answer;
  }

  private boolean isOver(Http2Answer answer) {
    return streams.isClosed() || answer.isOver();
  }

  /** Sends the head of a request; returns what follows it. */
  private String head(String request) throws IOException {
    int end = request.indexOf("\r\n\r\n");
    List<String> lines = request.substring(0, end).lines().toList();
    String[] start = lines.getFirst().split(" ", 3);
    List<String> fields = new ArrayList<>(List.of(":method", start[0], ":path", start[1]));
    fields.addAll(List.of(":scheme", "http", ":authority", "hub"));
    bodyLeft = 0;
    for (String line : lines.subList(1, lines.size())) {
      String name = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
      String value = line.substring(line.indexOf(':') + 1).strip();
      bodyLeft = name.equals("content-length") ? Integer.parseInt(value) : bodyLeft;
      if (!name.equals("host")) {
        fields.addAll(List.of(name, value));
      }
    }
    open(bodyLeft == 0 ? Http2Frames.END_STREAM : Http2Frames.NONE, fields.toArray(String[]::new));
    return request.substring(end + 4);
  }

  /** Sends what belongs to the body that is owed; returns what follows it. */
  private String body(String bytes) throws IOException {
    int length = Math.min(bodyLeft, bytes.length());
    bodyLeft -= length;
    streams.data(bytes.substring(0, length).getBytes(ISO_8859_1), bodyLeft == 0);
    return bytes.substring(length);
  }
}
