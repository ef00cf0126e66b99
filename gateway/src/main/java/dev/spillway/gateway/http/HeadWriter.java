package dev.spillway.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map.Entry;

/**
 * Puts the head of a message together and copies it to where it goes at once: to write it there
 * letter by letter takes several times as long.
 *
 * <p>What is not in Latin-1 becomes a question mark, as in Netty's encoder: cut down to its lower
 * byte, it could be the end of a line. Of one thread only; see {@link #begin}.
 */
public final class HeadWriter {
  private static final int USUAL_BYTES = 1 << 10;
  private static final byte[] CONTENT_LENGTH = "content-length: ".getBytes(US_ASCII);
  private static final FastThreadLocal<HeadWriter> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected HeadWriter initialValue() {
          return new HeadWriter();
        }
      };

  private byte[] bytes = new byte[USUAL_BYTES];
  private int length;

  private HeadWriter() {}

  /** Begins a head; whatever this thread began before is forgotten. */
  public static HeadWriter begin() {
    HeadWriter writer = OF_THREAD.get();
    writer.length = 0;
    return writer;
  }

  /** Writes a text as it is. */
  public HeadWriter text(CharSequence text) {
    reserve(text.length());
    if (text instanceof AsciiString ascii) {
      System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, length, ascii.length());
    } else {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        bytes[length + i] = (byte) (c <= 0xFF ? c : '?');
      }
    }
    length += text.length();
    return this;
  }

  /** Writes bytes as they are. */
  public HeadWriter bytes(byte[] some) {
    reserve(some.length);
    System.arraycopy(some, 0, bytes, length, some.length);
    length += some.length;
    return this;
  }

  /** Writes one header. */
  public HeadWriter header(CharSequence name, CharSequence value) {
    text(name).reserve(2);
    bytes[length++] = ':';
    bytes[length++] = ' ';
    return text(value).lineEnd();
  }

  /** Writes headers, in their order. */
  public HeadWriter headers(HttpHeaders headers) {
    if (headers instanceof FlatHeaders flat) {
      for (int i = 0; i < flat.size(); i++) {
        header(flat.name(i), flat.value(i));
      }
    } else {
      Iterator<Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
      while (all.hasNext()) {
        Entry<CharSequence, CharSequence> header = all.next();
        header(header.getKey(), header.getValue());
      }
    }
    return this;
  }

  /** Writes {@code content-length}; at least 0. */
  public HeadWriter contentLength(int bytesOfBody) {
    return bytes(CONTENT_LENGTH).text(Integer.toString(bytesOfBody)).lineEnd();
  }

  /** Writes the end of a line. */
  public HeadWriter lineEnd() {
    reserve(2);
    bytes[length++] = '\r';
    bytes[length++] = '\n';
    return this;
  }

  /** Copies the head to the end of a buffer. */
  public void to(ByteBuf buffer) {
    buffer.writeBytes(bytes, 0, length);
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
