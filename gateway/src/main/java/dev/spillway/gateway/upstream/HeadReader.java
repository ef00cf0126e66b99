package dev.spillway.gateway.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of an answer, and the trailer of a chunked one, line by line.
 *
 * <p>Lines end in CRLF and in nothing else; names are tokens, directly before their colon; values
 * hold no control characters; no line is folded. Bytes may come in any pieces; those of a line that
 * is not whole are kept here. A head and its trailer are at most {@value #MOST_BYTES} bytes.
 */
final class HeadReader {
  static final int MOST_BYTES = 64 << 10;
  private static final int FIRST_ROOM = 256;
  private static final byte[] VERSION = "HTTP/1.".getBytes(ISO_8859_1);
  private static final boolean[] TOKEN = tokenCharacters();

  private final LastResponseHead last = new LastResponseHead();
  private byte[] line = new byte[FIRST_ROOM];
  private int length;
  private int bytes;
  private int minor;
  private int status;
  private @Nullable HttpHeaders headers;

  /** Forgets the head before. */
  void reset() {
    length = 0;
    bytes = 0;
    headers = null;
  }

  /** Whether a byte of this head has come. */
  boolean hasBegun() {
    return bytes > 0;
  }

  /** Reads on; the head once it is whole, which may be an informational one (1xx). */
  @Nullable ResponseHead read(ByteBuf in) throws UnusableAnswer {
    if (hasBegun()) {
      return readLines(in);
    }
    ResponseHead same = last.read(in);
    if (same != null) {
      return same;
    }
    int from = in.readerIndex();
    ResponseHead read = readLines(in);
    if (read != null) {
      last.remember(in, from, read);
    }
    return read;
  }

  private @Nullable ResponseHead readLines(ByteBuf in) throws UnusableAnswer {
    while (readLine(in)) {
      HttpHeaders known = headers;
      if (known == null) {
        statusLine();
        headers = newHeaders();
      } else if (length > 0) {
        field(known);
      } else {
        return isInformational()
            ? new ResponseHead(status, known, ResponseHead.Framing.NONE, 0, true)
            : ResponseHead.of(minor, status, known);
      }
      length = 0;
    }
    if (headers == null) {
      requireVersion(Math.min(length, VERSION.length));
    }
    return null;
  }

  /** What begins otherwise may never end its line. */
  private void requireVersion(int begun) throws UnusableAnswer {
    if (!Arrays.equals(line, 0, begun, VERSION, 0, begun)) {
      throw new UnusableAnswer("sent what is not HTTP/1.1");
    }
  }

  /** Reads on in the lines after the last chunk, which are checked and dropped. */
  boolean readTrailer(ByteBuf in) throws UnusableAnswer {
    while (readLine(in)) {
      if (length == 0) {
        return true;
      }
      field(null);
      length = 0;
    }
    return false;
  }

  private boolean isInformational() throws UnusableAnswer {
    if (status == 101) {
      throw new UnusableAnswer("changed to another protocol, which was not asked for");
    }
    return status < 200;
  }

  /** True if {@link #line} holds a whole one, without its end. */
  private boolean readLine(ByteBuf in) throws UnusableAnswer {
    int from = in.readerIndex();
    int lineFeed = in.indexOf(from, in.writerIndex(), (byte) '\n');
    int more = (lineFeed < 0 ? in.writerIndex() : lineFeed + 1) - from;
    bytes += more;
    if (bytes > MOST_BYTES) {
      throw new UnusableAnswer("sent a head of more than " + MOST_BYTES + " bytes");
    }
    if (length + more > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + more));
    }
    in.readBytes(line, length, more);
    length += more;
    if (lineFeed < 0) {
      return false;
    }
    if (length < 2 || line[length - 2] != '\r') {
      throw new UnusableAnswer("ended a line of its head without CRLF");
    }
    length -= 2;
    return true;
  }

  private void statusLine() throws UnusableAnswer {
    boolean right = length >= 12 && Arrays.equals(line, 0, VERSION.length, VERSION, 0, 7);
    right = right && (line[7] == '0' || line[7] == '1') && line[8] == ' ';
    right = right && (length == 12 || line[12] == ' ');
    for (int i = 9; right && i < 12; i++) {
      right = line[i] >= '0' && line[i] <= '9';
    }
    if (!right || line[9] == '0' || line[9] > '5') {
      throw new UnusableAnswer("sent what is not HTTP/1.1");
    }
    requireText(12, length);
    minor = line[7] - '0';
    status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
  }

  private void field(@Nullable HttpHeaders to) throws UnusableAnswer {
    int colon = 0;
    while (colon < length && line[colon] > 0 && TOKEN[line[colon]]) {
      colon++;
    }
    if (colon == 0 || colon == length || line[colon] != ':') {
      throw new UnusableAnswer("sent a header that has no proper name");
    }
    int from = colon + 1;
    int end = length;
    while (from < end && isSpace(line[from])) {
      from++;
    }
    while (end > from && isSpace(line[end - 1])) {
      end--;
    }
    requireText(from, end);
    if (to != null) {
      to.add(
          new String(line, 0, colon, ISO_8859_1), new String(line, from, end - from, ISO_8859_1));
    }
  }

  private void requireText(int from, int end) throws UnusableAnswer {
    for (int i = from; i < end; i++) {
      boolean control = line[i] >= 0 && line[i] < ' ' && line[i] != '\t';
      if (control || line[i] == 0x7f) {
        throw new UnusableAnswer("sent a control character in its head");
      }
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  /** Names and values are checked here, once. */
  private static HttpHeaders newHeaders() {
    return DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
  }

  /** RFC 9110, section 5.6.2. */
  private static boolean[] tokenCharacters() {
    boolean[] token = new boolean[128];
    for (char c = '0'; c < 128; c++) {
      token[c] = Character.isLetterOrDigit(c);
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      token[c] = true;
    }
    return token;
  }
}
