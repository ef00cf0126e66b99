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

  /** Bytes of an escape such as {@code \u005cu00e9}. */
  private static final int UNICODE_ESCAPE_BYTES = 6;

  private static final long SIMPLE_BELOW_64 = 1L << '"' | 1L << '/';
  private static final long SIMPLE_FROM_64 =
      1L << '\\' | 1L << 'b' | 1L << 'f' | 1L << 'n' | 1L << 'r' | 1L << 't';

  private byte[] bytes = new byte[0];
  private int from;
  private int to;
  private int textBytes;
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
      if (b == '\\' && i + 1 < end && isSimple(source[i + 1])) {
        saved++;
        i += 2;
        continue;
      }
      if (b == '"') {
        to = i;
        textBytes = i - at - saved;
        halfOfPair |= highTo >= 0;
        return i + 1;
      }
      if (b == '\\') {
        char unit = codeUnit(source, i, end, start);
        saved += UNICODE_ESCAPE_BYTES - unescapedBytes(unit);
        highTo = pair(unit, i, highTo);
        i += UNICODE_ESCAPE_BYTES;
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
    return Character.isHighSurrogate(unit) ? at + UNICODE_ESCAPE_BYTES : -1;
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
    if (hasEscapes()) {
      return Arrays.equals(text().getBytes(UTF_8), name);
    }
    return to - from == name.length && Arrays.equals(bytes, from, to, name, 0, name.length);
  }

  /** Each of them is longer than what it stands for. */
  private boolean hasEscapes() {
    return textBytes < to - from;
  }

  String text() {
    return hasEscapes() ? unescape() : new String(bytes, from, to - from, UTF_8);
  }

  String text(KnownNames known) {
    String name = known.find(bytes, from, to); // what has an escape is none of them
    return name == null ? text() : name;
  }

  /**
   * Eight bytes at a time over what is neither quote, backslash, control character nor non-ASCII.
   * Two words in each turn: a turn costs as much as a word.
   */
  private static int skipPlain(byte[] source, int at, int end) {
    int i = at;
    for (; i + 16 <= end; i += 16) {
      long first = specials((long) WORDS.get(source, i)) & HIGHS;
      if (first != 0) {
        return i + (Long.numberOfTrailingZeros(first) >> 3);
      }
      long second = specials((long) WORDS.get(source, i + 8)) & HIGHS;
      if (second != 0) {
        return i + 8 + (Long.numberOfTrailingZeros(second) >> 3);
      }
    }
    while (i < end && source[i] >= ' ' && source[i] != '"' && source[i] != '\\') {
      i++;
    }
    return i;
  }

  /**
   * The high bit of each byte that is special. What is subtracted borrows from the byte above only
   * where a byte is special, so that bytes above the lowest such may be flagged wrongly. With its
   * second bit turned a quote is a space, and so below {@code '!'} as control characters are, and a
   * space is not.
   */
  private static long specials(long word) {
    long quotesAndControls = (word ^ (ONES * 2)) - ONES * '!';
    long backslashes = (word ^ (ONES * '\\')) - ONES;
    return quotesAndControls | backslashes | word;
  }

  private static int sequence(byte[] source, int at, int end, int start) throws MalformedJson {
    int length = Utf8.sequenceLength(source, at, end);
    if (length == 0) {
      throw new MalformedJson("invalid UTF-8", at - start);
    }
    return length;
  }

  /** Whether a backslash and this are an escape: one of {@code "\\/bfnrt}. */
  private static boolean isSimple(int kind) {
    long kinds = kind < 64 ? SIMPLE_BELOW_64 : SIMPLE_FROM_64;
    return kind >= 0 && (kinds >>> kind & 1) != 0;
  }

  private static char codeUnit(byte[] source, int at, int end, int start) throws MalformedJson {
    int unit = -1;
    if (at + UNICODE_ESCAPE_BYTES <= end && source[at + 1] == 'u') {
      unit = hex(source, at + 2);
    }
    if (unit < 0) {
      throw new MalformedJson("invalid escape in a string", at - start);
    }
    return (char) unit;
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
