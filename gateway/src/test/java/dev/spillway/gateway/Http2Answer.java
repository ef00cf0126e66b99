package dev.spillway.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What has come of one stream so far. */
final class Http2Answer {
  private static final int NOT_RESET = -1;

  private final int stream;
  private final Deque<ReceivedMessage> interim = new ArrayDeque<>();
  private final StringBuilder head = new StringBuilder();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean ended;
  private int reset = NOT_RESET;
  private int taken;
  private int sendWindow;

  Http2Answer(int stream, int sendWindow) {
    this.stream = stream;
    this.sendWindow = sendWindow;
  }

  int stream() {
    return stream;
  }

  int sendWindow() {
    return sendWindow;
  }

  void widen(int bytes) {
    sendWindow += bytes;
  }

  void head(Http2Headers headers) {
    StringBuilder lines = new StringBuilder("HTTP/2 " + headers.status() + " \n");
    headers.forEach(header -> lines.append(header.getKey() + ": " + header.getValue() + "\n"));
    if (headers.status() != null && headers.status().charAt(0) == '1') {
      interim.add(new ReceivedMessage(lines.toString(), "", true));
    } else {
      head.append(lines);
    }
  }

  void data(byte[] bytes) {
    body.writeBytes(bytes);
  }

  void end() {
    ended = true;
  }

  void reset(int error) {
    reset = error;
  }

  /** Whether nothing more comes. */
  boolean isOver() {
    return ended || isReset();
  }

  boolean isReset() {
    return reset != NOT_RESET;
  }

  /** The error of its reset; negative if it was not. */
  int resetWith() {
    return reset;
  }

  boolean hasBegun() {
    return !head.isEmpty();
  }

  @Nullable ReceivedMessage nextInterim() {
    return interim.poll();
  }

  ReceivedMessage message() {
    return new ReceivedMessage(head.toString(), body.toString(UTF_8), ended);
  }

  /** The body up to this, from where the last call ended; null if it has not come. */
  @Nullable String until(String end) {
    String text = body.toString(UTF_8);
    int at = text.indexOf(end, taken);
    return at < 0 ? null : take(text, at + end.length());
  }

  String rest() {
    String text = body.toString(UTF_8);
    return take(text, text.length());
  }

  private String take(String text, int end) {
    String part = text.substring(taken, end);
    taken = end;
    return part;
  }
}
