package dev.spillway.gateway;

import static dev.spillway.gateway.Http2Frames.ACK;
import static dev.spillway.gateway.Http2Frames.DATA;
import static dev.spillway.gateway.Http2Frames.END_STREAM;
import static dev.spillway.gateway.Http2Frames.GOAWAY;
import static dev.spillway.gateway.Http2Frames.HEADERS;
import static dev.spillway.gateway.Http2Frames.INITIAL_WINDOW_SIZE;
import static dev.spillway.gateway.Http2Frames.NONE;
import static dev.spillway.gateway.Http2Frames.PING;
import static dev.spillway.gateway.Http2Frames.RST_STREAM;
import static dev.spillway.gateway.Http2Frames.SETTINGS;
import static dev.spillway.gateway.Http2Frames.WINDOW_UPDATE;

import dev.spillway.gateway.Http2Frames.Frame;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The streams of one connection to a hub, and what keeps them going: windows, acknowledgements. */
final class Http2Streams {
  private static final int LONGEST_DATA = 16 << 10;
  private static final int FIRST_WINDOW = 65_535;

  private final Http2Frames frames;
  private final boolean grants;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
  private final Map<Integer, Http2Answer> answers = new LinkedHashMap<>();
  private final Deque<Goodbye> goodbyes = new ArrayDeque<>();

  private boolean closed;
  private int last = -1;
  private int sendWindow = FIRST_WINDOW;
  private int streamSendWindow = FIRST_WINDOW;

  /**
   * On this connection.
   *
   * @param grants whether the windows of streams, and not only of the connection, grow again as
   *     data is read
   */
  Http2Streams(Http2Frames frames, boolean grants) {
    this.frames = frames;
    this.grants = grants;
  }

  /** A GOAWAY. */
  record Goodbye(int lastStream, int error) {}

  /** Opens the next stream with this header block, well-formed or not. */
  void open(int flags, byte[] block) throws IOException {
    last += 2;
    answers.put(last, new Http2Answer(last, streamSendWindow));
    frames.write(HEADERS, flags, last, block);
  }

  /** The stream that was opened last. */
  int last() {
    return last;
  }

  /** The answer of the oldest stream that was not forgotten; null if there is none. */
  @Nullable Http2Answer oldest() {
    return answers.isEmpty() ? null : answers.values().iterator().next();
  }

  /** The answer of the stream that was opened last. */
  Http2Answer newest() {
    Http2Answer answer = answers.get(last);
    if (answer == null) {
      throw new IllegalStateException("nothing was asked, or it was answered already");
    }
    return answer;
  }

  void forget(Http2Answer answer) {
    answers.remove(answer.stream());
  }

  boolean isClosed() {
    return closed;
  }

  @Nullable Goodbye nextGoodbye() {
    return goodbyes.poll();
  }

  /** Sends a part of the last stream's body, as far as the hub wants it. */
  void data(byte[] bytes, boolean end) throws IOException {
    Http2Answer answer = answers.get(last);
    for (int sent = 0; answer != null && sent < bytes.length; ) {
      int window = Math.min(sendWindow, answer.sendWindow());
      if (closed || answer.isOver()) {
        return;
      }
      if (window <= 0) {
        receive();
        continue;
      }
      int length = Math.min(Math.min(LONGEST_DATA, window), bytes.length - sent);
      boolean isLast = end && sent + length == bytes.length;
      byte[] part = Arrays.copyOfRange(bytes, sent, sent + length);
      frames.write(DATA, isLast ? END_STREAM : NONE, last, part);
      sendWindow -= length;
      answer.widen(-length);
      sent += length;
    }
  }

  /** Receives one frame, and does what it asks for. */
  void receive() throws IOException {
    Frame frame = frames.read();
    if (frame == null) {
      closed = true;
      return;
    }
    switch (frame.type()) {
      case HEADERS -> head(frame);
      case DATA -> data(frame);
      case RST_STREAM -> of(frame).reset(frame.number(0));
      case SETTINGS -> settings(frame);
      case PING -> ping(frame);
      case GOAWAY -> goodbyes.add(new Goodbye(frame.number(0), frame.number(4)));
      case WINDOW_UPDATE -> widen(frame);
      default -> throw new IOException("a frame of type " + frame.type());
    }
  }

  private void head(Frame frame) throws IOException {
    try {
      Http2Answer answer = of(frame);
      answer.head(decoder.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload())));
      endIfLast(answer, frame);
    } catch (Http2Exception e) {
      throw new IOException("a header block that cannot be read", e);
    }
  }

  private void data(Frame frame) throws IOException {
    Http2Answer answer = of(frame);
    answer.data(frame.payload());
    endIfLast(answer, frame);
    if (frame.payload().length > 0) {
      reply(WINDOW_UPDATE, NONE, 0, Http2Frames.number(frame.payload().length));
    }
    if (grants && frame.payload().length > 0 && !answer.isOver()) {
      byte[] more = Http2Frames.number(frame.payload().length);
      reply(WINDOW_UPDATE, NONE, frame.stream(), more);
    }
  }

  private static void endIfLast(Http2Answer answer, Frame frame) {
    if (frame.has(END_STREAM)) {
      answer.end();
    }
  }

  private void settings(Frame frame) throws IOException {
    if (frame.has(ACK)) {
      return;
    }
    for (int i = 0; i < frame.payload().length; i += 6) {
      if (frame.payload()[i + 1] == INITIAL_WINDOW_SIZE) {
        int more = frame.number(i + 2) - streamSendWindow;
        streamSendWindow += more;
        answers.values().forEach(answer -> answer.widen(more));
      }
    }
    reply(SETTINGS, ACK, 0, new byte[0]);
  }

  private void ping(Frame frame) throws IOException {
    if (!frame.has(ACK)) {
      reply(PING, ACK, 0, frame.payload());
    }
  }

  /** A hub that has closed may have said more, which is still to be read. */
  private void reply(int type, int flags, int stream, byte[] payload) throws IOException {
    frames.offer(Http2Frames.bytes(type, flags, stream, payload));
  }

  private void widen(Frame frame) {
    if (frame.stream() == 0) {
      sendWindow += frame.number(0);
    } else {
      of(frame).widen(frame.number(0));
    }
  }

  /** Frames may still come of a stream that was forgotten. */
  private Http2Answer of(Frame frame) {
    Http2Answer answer = answers.get(frame.stream());
    return answer == null ? new Http2Answer(frame.stream(), 0) : answer;
  }
}
