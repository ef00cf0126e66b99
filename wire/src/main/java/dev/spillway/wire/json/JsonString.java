package dev.spillway.wire.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The string that a cursor read last: where it is, how long it is unescaped, and, if anybody asks,
 * what it says.
 */
final class JsonString {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private byte[] bytes = new byte[0];
  private int from;
  private int to;
  private int textBytes;
  private boolean escaped;
  private boolean halfOfPair;

  /**
   * Reads the rest of a string.
   *
   * @param at the byte after the opening quote
   * @param start where the text begins, to tell positions in messages
   * @return the byte after the closing quote
   */
  int scan(byte[] source, int at, int end, int start) throws MalformedJson {
    bytes = source;
    from = at;
    escaped = false;
    halfOfPair = false;
    int saved = 0;
    int highTo = -1;
    int i = at;
    while (true) {
      i = skipPlain(source, i, end);
      if (i >= end) {
        throw new MalformedJson("unclosed string", at - 1 - start);
      }
      int b = source[i];
      if (b == '"') {
        to = i;
        textBytes = i - at - saved;
        halfOfPair |= highTo >= 0;
        return i + 1;
      }
      if (b == '\\') {
        escaped = true;
        int length = escapeLength(source, i, end, start);
        if (length == 2) {
          saved++;
        } else {
          char unit = (char) hex(source, i + 2);
          saved += 6 - unescapedBytes(unit);
          highTo = pair(unit, i, highTo);
        }
        i += length;
      } else if (b < 0) {
        i += sequence(source, i, end, start);
      } else {
        throw new MalformedJson("control character in a string", i - start);
      }
    }
  }

  /** Whether an escape in it is half of a surrogate pair without the other. */
  boolean hasHalfOfPair() {
    return halfOfPair;
  }

  /**
   * Notes halves that are alone.
   *
   * @param highTo where the first half of a pair ended; below 0 if none is open
   * @return the same after this code unit, which is written at {@code at}
   */
  private int pair(char unit, int at, int highTo) {
    boolean second = highTo == at && Character.isLowSurrogate(unit);
    halfOfPair |= !second && (highTo >= 0 || Character.isLowSurrogate(unit));
    return Character.isHighSurrogate(unit) ? at + 6 : -1;
  }

  /** Bytes of the string in UTF-8, unescaped; half of a surrogate pair counts 2. */
  int textBytes() {
    return textBytes;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  boolean is(byte[] name) {
    if (escaped) {
      return Arrays.equals(text().getBytes(UTF_8), name);
    }
    return to - from == name.length && Arrays.equals(bytes, from, to, name, 0, name.length);
  }

  String text() {
    return escaped ? unescape() : new String(bytes, from, to - from, UTF_8);
  }

  /**
   * Eight bytes at a time over what is neither quote, backslash, control character nor non-ASCII.
   */
  private static int skipPlain(byte[] source, int at, int end) {
    int i = at;
    while (i + 8 <= end) {
      long word = (long) WORDS.get(source, i);
      long special = specials(word) & HIGHS;
      if (special != 0) {
        return i + (Long.numberOfTrailingZeros(special) >> 3);
      }
      i += 8;
    }
    while (i < end && source[i] >= ' ' && source[i] != '"' && source[i] != '\\') {
      i++;
    }
    return i;
  }

  /**
   * The high bit of each byte that is special. What is subtracted borrows from the byte above only
   * where a byte is special, so that bytes above the lowest such may be flagged wrongly.
   */
  private static long specials(long word) {
    long quotes = (word ^ (ONES * '"')) - ONES;
    long backslashes = (word ^ (ONES * '\\')) - ONES;
    long controls = word - ONES * ' ';
    return quotes | backslashes | controls | word;
  }

  private static int sequence(byte[] source, int at, int end, int start) throws MalformedJson {
    int length = Utf8.sequenceLength(source, at, end);
    if (length == 0) {
      throw new MalformedJson("invalid UTF-8", at - start);
    }
    return length;
  }

  private static int escapeLength(byte[] source, int at, int end, int start) throws MalformedJson {
    int kind = at + 1 < end ? source[at + 1] : 0;
    int length = kind == 'u' ? 6 : 2;
    boolean known = kind == 'u' ? at + 6 <= end && hex(source, at + 2) >= 0 : simple(kind) != 0;
    if (!known) {
      throw new MalformedJson("invalid escape in a string", at - start);
    }
    return length;
  }

  private static int unescapedBytes(int codeUnit) {
    if (codeUnit < 0x80) {
      return 1;
    }
    boolean two = codeUnit < 0x800 || Character.isSurrogate((char) codeUnit);
    return two ? 2 : 3;
  }

  /** Four hexadecimal digits; below 0 if they are not. */
  private static int hex(byte[] source, int at) {
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = source[i] < 0 ? -1 : Character.digit(source[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = (value << 4) | digit;
    }
    return value;
  }

  private static char simple(int kind) {
    return switch (kind) {
      case '"' -> '"';
      case '\\' -> '\\';
      case '/' -> '/';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> 0;
    };
  }

  private String unescape() {
    StringBuilder text = new StringBuilder(to - from);
    int i = from;
    while (i < to) {
      int plainTo = i;
      while (plainTo < to && bytes[plainTo] != '\\') {
        plainTo++;
      }
      text.append(new String(bytes, i, plainTo - i, UTF_8));
      i = plainTo;
      if (i < to) {
        int kind = bytes[i + 1];
        text.append(kind == 'u' ? (char) hex(bytes, i + 2) : simple(kind));
        i += kind == 'u' ? 6 : 2;
      }
    }
    return text.toString();
  }
}
