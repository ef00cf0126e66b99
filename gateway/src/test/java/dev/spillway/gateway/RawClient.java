package dev.spillway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client that sends the bytes it is told to and reads answers by hand. */
final class RawClient implements TestClient {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Socket socket;
  private final InputStream in;

  RawClient(TestHub hub) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), hub.port()));
  }

  /** On a connection that it takes over. */
  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Each character is one byte. */
  @Override
  public RawClient send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    return this;
  }

  /** The next answer. */
  @Override
  public ReceivedMessage receive() throws IOException {
    ReceivedMessage message = ReceivedMessage.read(in);
    if (message == null) {
      throw new IOException("the hub closed the connection without an answer");
    }
    return message;
  }

  /** Whether the hub sent anything that was not read yet. */
  boolean hasAnswer() {
    try {
      return in.available() > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next answer that is not an interim one. */
  ReceivedMessage receiveFinal() throws IOException {
    ReceivedMessage message = receive();
    while (message.status() < 200) {
      message = receive();
    }
    return message;
  }

  /** The next answer; null if the hub closes instead. */
  @Override
  public @Nullable ReceivedMessage receiveOrClosed() throws IOException {
    return ReceivedMessage.read(in);
  }

  /** Reads until this was sent. */
  @Override
  public String receiveUntil(String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end, text.length() - end.length()) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the hub closed the connection after: " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  /** What comes until the hub closes. */
  @Override
  public String receiveRest() throws IOException {
    return new String(in.readAllBytes(), UTF_8);
  }

  /** Sends no more, but still reads. */
  RawClient endSending() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Closes without a word. */
  @Override
  public void leave() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    leave();
  }
}
