package dev.spillway.gateway.upstream;

import dev.spillway.gateway.upstream.ResponseHead.Framing;
import io.netty.buffer.ByteBuf;

/**
 * Reads one answer after another from the bytes of a connection.
 *
 * <pre>
 *   HEAD --+--> LENGTH ------------------------------------+--> END
 *    ^     +--> UNTIL_CLOSE -- closed() -------------------+
 *    |1xx  +--> SIZE --> EXTENSION --> SIZE_LF --> DATA ---+
 *    +-----+      ^                        |        |      |
 *                 |                        |0       v      |
 *                 +---- DATA_LF <-- DATA_CR         |      |
 *                                          +--> TRAILER ---+
 * </pre>
 *
 * <p>What: the framing of HTTP/1.1 (RFC 9112, sections 6 and 7), and none that two readers could
 * understand differently: whoever can make a provider send such an answer could otherwise smuggle
 * one into somebody else's connection. What is wrong ends it; bytes after the end are told.
 *
 * <p>Why so: a codec that makes an object of each chunk costs more than all else that is done for
 * one. Here the buffer that was read is the buffer that goes on. Of one chunk in one read, the
 * common case of a stream, only its two indices are moved; of several, the later ones are moved
 * together over the framing between them, so that a burst goes on as one piece.
 *
 * <p>Cost: no allocation for a body, whatever its framing; a byte of payload is moved only if a
 * chunk of the same read was before it. Limits: a head and its trailer {@value
 * HeadReader#MOST_BYTES} bytes, a size {@value #MOST_SIZE_DIGITS} digits, an extension {@value
 * #LONGEST_EXTENSION}. The body has none here: who reads it knows how much is too much.
 *
 * <p>Event loop only. {@link #read} takes over its buffer's reference and passes it on with the
 * payload, or lets go of it.
 */
final class ResponseReader implements Prefetch.Wide {
  private static final int MOST_SIZE_DIGITS = 15;
  private static final int LONGEST_EXTENSION = 1_024;
  private static final int MOST_INFORMATIONAL = 16;

  private final HeadReader head = new HeadReader();

  private State state = State.END;
  private long left;
  private int digits;
  private int extension;
  private int informational;
  private int payloadFrom;
  private int payloadEnd;

  private enum State {
    HEAD,
    LENGTH,
    UNTIL_CLOSE,
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER,
    END
  }

  /** Takes what is read, in the order of the bytes. */
  interface Sink {
    /** An answer's head; informational ones (1xx) are not told. */
    void head(ResponseHead head);

    /** Payload; takes over the reference. */
    void body(ByteBuf bytes);

    /** The answer is whole. */
    void end();

    /** It is none, or goes on as none; nothing follows. */
    void unusable(String what);
  }

  /** Another answer is due. */
  void expect() {
    state = State.HEAD;
    informational = 0;
    head.reset();
  }

  /** Whether a part of a head has come, and not all of it. */
  boolean isInsideHead() {
    return state == State.HEAD && head.hasBegun();
  }

  /** Whether an informational answer (1xx) has come. */
  boolean wasInformed() {
    return informational > 0;
  }

  /**
   * Reads on.
   *
   * @return how many bytes came after the end of the answer: the connection is not to be used again
   *     if there are any
   */
  int read(ByteBuf in, Sink sink) {
    State before = state;
    String trouble = null;
    payloadFrom = 0;
    payloadEnd = 0;
    try {
      while (in.isReadable() && state != State.END) {
        step(in, sink);
      }
    } catch (UnusableAnswer e) {
      trouble = e.what();
      state = State.END;
    }
    int surplus = in.readableBytes();
    if (payloadEnd > payloadFrom) {
      in.setIndex(payloadFrom, payloadEnd);
      sink.body(in);
    } else {
      in.release();
    }
    if (trouble != null) {
      sink.unusable(trouble);
    } else if (state == State.END && before != State.END) {
      sink.end();
    }
    return surplus;
  }

  /** The other side closed in good manner; true if that is how the body had to end. */
  boolean closed() {
    boolean whole = state == State.UNTIL_CLOSE;
    state = State.END;
    return whole;
  }

  @Override
  public boolean touch() {
    return state == State.END;
  }

  private void step(ByteBuf in, Sink sink) throws UnusableAnswer {
    switch (state) {
      case HEAD -> head(in, sink);
      case LENGTH -> payload(in, State.END);
      case DATA -> payload(in, State.DATA_CR);
      case UNTIL_CLOSE -> take(in, in.readableBytes());
      case SIZE -> size(in.readByte());
      case EXTENSION -> extension(in.readByte());
      case SIZE_LF -> lineFeed(in.readByte(), left == 0 ? State.TRAILER : State.DATA);
      case DATA_CR -> carriageReturn(in.readByte());
      case DATA_LF -> lineFeed(in.readByte(), State.SIZE);
      case TRAILER -> state = head.readTrailer(in) ? State.END : State.TRAILER;
      case END -> throw new IllegalStateException("reads on after the end");
    }
  }

  private void head(ByteBuf in, Sink sink) throws UnusableAnswer {
    ResponseHead whole = head.read(in);
    if (whole == null) {
      return;
    }
    head.reset();
    if (whole.status() < 200) {
      if (++informational > MOST_INFORMATIONAL) {
        throw new UnusableAnswer("sent informational answers without end");
      }
      return;
    }
    left = whole.length();
    digits = 0;
    state = first(whole.framing());
    sink.head(whole);
  }

  private State first(Framing framing) {
    return switch (framing) {
      case NONE -> State.END;
      case LENGTH -> left == 0 ? State.END : State.LENGTH;
      case CHUNKED -> State.SIZE;
      case UNTIL_CLOSE -> State.UNTIL_CLOSE;
    };
  }

  private void payload(ByteBuf in, State then) {
    int length = (int) Math.min(left, in.readableBytes());
    take(in, length);
    left -= length;
    if (left == 0) {
      state = then;
    }
  }

  /** Adds to the payload of this read, right behind what it has. */
  private void take(ByteBuf in, int length) {
    int at = in.readerIndex();
    if (payloadEnd == payloadFrom) {
      payloadFrom = at;
      payloadEnd = at;
    } else if (payloadEnd != at) {
      in.setBytes(payloadEnd, in, at, length);
    }
    payloadEnd += length;
    in.skipBytes(length);
  }

  private void size(byte b) throws UnusableAnswer {
    int digit = Character.digit(b, 16);
    if (digit >= 0) {
      left = (digits == 0 ? 0 : left << 4) + digit;
      if (++digits > MOST_SIZE_DIGITS) {
        throw new UnusableAnswer("sent a chunk of a size beyond all bounds");
      }
    } else if (digits > 0 && b == '\r') {
      state = State.SIZE_LF;
    } else if (digits > 0 && b == ';') {
      extension = 0;
      state = State.EXTENSION;
    } else {
      throw new UnusableAnswer("sent a chunk without a proper size");
    }
  }

  private void extension(byte b) throws UnusableAnswer {
    if (b == '\r') {
      state = State.SIZE_LF;
    } else if (++extension > LONGEST_EXTENSION || (b >= 0 && b < ' ' && b != '\t')) {
      throw new UnusableAnswer("sent an improper chunk extension");
    }
  }

  private void carriageReturn(byte b) throws UnusableAnswer {
    if (b != '\r') {
      throw new UnusableAnswer("sent a chunk that is longer than its size");
    }
    state = State.DATA_LF;
  }

  private void lineFeed(byte b, State then) throws UnusableAnswer {
    if (b != '\n') {
      throw new UnusableAnswer("ended a line of its framing without CRLF");
    }
    digits = 0;
    state = then;
  }
}
