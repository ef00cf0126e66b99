package dev.spillway.wire.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON as UTF-8, without white space; commas come by themselves.
 *
 * <p>Strings are escaped as RFC 8259 section 7 demands, and {@code U+2028}, {@code U+2029} as well,
 * because some readers take them for line ends. An unpaired surrogate becomes {@code U+FFFD}: what
 * is written is always valid UTF-8. It trusts the caller to close what it opens. Not thread-safe;
 * {@link #clear} makes it ready for the next text.
 */
public final class JsonWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);

  private byte[] bytes;
  private int length;
  private boolean commaDue;

  /** With room for so many bytes before it must grow; at least 1. */
  public JsonWriter(int expectedBytes) {
    this.bytes = new byte[expectedBytes];
  }

  /** Starts an object. */
  public JsonWriter beginObject() {
    return open('{');
  }

  /** Ends an object. */
  public JsonWriter endObject() {
    return close('}');
  }

  /** Starts an array. */
  public JsonWriter beginArray() {
    return open('[');
  }

  /** Ends an array. */
  public JsonWriter endArray() {
    return close(']');
  }

  /** Names the value that is written next. */
  public JsonWriter name(String name) {
    comma();
    quoted(name);
    put(':');
    commaDue = false;
    return this;
  }

  /** As {@link #name}, of a name that needs no escape: nobody looks for one. */
  public JsonWriter plainName(String name) {
    comma();
    plainlyQuoted(name);
    put(':');
    commaDue = false;
    return this;
  }

  /**
   * Writes a string that needs no escape, such as an identifier: nobody looks for one. It is ASCII
   * without quotes, backslashes and control characters.
   */
  public JsonWriter plain(String text) {
    comma();
    plainlyQuoted(text);
    return this;
  }

  /** As {@link #plain(String)}, of one that is in ASCII already. */
  public JsonWriter plain(byte[] ascii) {
    comma();
    put('"');
    raw(ascii, 0, ascii.length);
    put('"');
    return this;
  }

  /** Writes a string, or null. */
  public JsonWriter value(@Nullable String text) {
    comma();
    if (text == null) {
      ascii("null");
    } else {
      quoted(text);
    }
    return this;
  }

  /** Writes a whole number. */
  public JsonWriter value(long number) {
    comma();
    digits(number);
    return this;
  }

  /** Writes a number. */
  public JsonWriter value(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("number: " + number + " (expected: finite)");
    }
    comma();
    ascii(Double.toString(number));
    return this;
  }

  /** Writes a number of thousandths with three digits after its point; at least 0. */
  public JsonWriter thousandths(long number) {
    comma();
    digits(number / 1_000);
    int rest = (int) (number % 1_000);
    put('.');
    put('0' + rest / 100);
    put('0' + rest / 10 % 10);
    put('0' + rest % 10);
    return this;
  }

  /** Writes {@code true} or {@code false}. */
  public JsonWriter value(boolean fact) {
    comma();
    ascii(fact ? "true" : "false");
    return this;
  }

  /** Writes a value that is JSON already. */
  public JsonWriter raw(ByteSlice json) {
    comma();
    raw(json.array(), json.offset(), json.length());
    return this;
  }

  /** Writes bytes around the JSON, such as an event's {@code data: }; no comma comes of it. */
  public JsonWriter verbatim(String ascii) {
    ascii(ascii);
    commaDue = false;
    return this;
  }

  /** What was written, until the next change; not a copy. */
  public ByteSlice written() {
    return new ByteSlice(bytes, 0, length);
  }

  /** Bytes that were written. */
  public int length() {
    return length;
  }

  /** What was written, in an array of its own. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Forgets what was written and keeps the room. */
  public void clear() {
    length = 0;
    commaDue = false;
  }

  private JsonWriter open(char bracket) {
    comma();
    put(bracket);
    commaDue = false;
    return this;
  }

  private JsonWriter close(char bracket) {
    put(bracket);
    commaDue = true;
    return this;
  }

  private void comma() {
    if (commaDue) {
      put(',');
    }
    commaDue = true;
  }

  private void quoted(String text) {
    put('"');
    int i = 0;
    while (i < text.length()) {
      int plainTo = plainTo(text, i);
      if (plainTo > i) {
        copy(text, i, plainTo);
        i = plainTo;
        continue;
      }
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      escaped(codePoint);
    }
    put('"');
  }

  private void plainlyQuoted(String text) {
    assert plainTo(text, 0) == text.length() : "needs an escape: " + text;
    put('"');
    ascii(text);
    put('"');
  }

  /** Where what is ASCII and needs no escape ends: most of what is written is nothing else. */
  private static int plainTo(String text, int from) {
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\') {
        return i;
      }
      i++;
    }
    return i;
  }

  private void escaped(int codePoint) {
    switch (codePoint) {
      case '"' -> ascii("\\\"");
      case '\\' -> ascii("\\\\");
      case '\n' -> ascii("\\n");
      case '\r' -> ascii("\\r");
      case '\t' -> ascii("\\t");
      case 0x2028, 0x2029 -> unicodeEscape(codePoint);
      default -> {
        if (codePoint < 0x20) {
          unicodeEscape(codePoint);
        } else {
          utf8(codePoint);
        }
      }
    }
  }

  private void unicodeEscape(int codePoint) {
    ascii("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      put(HEX[(codePoint >> shift) & 0xF]);
    }
  }

  private void utf8(int codePoint) {
    if (codePoint < 0x80) {
      put(codePoint);
    } else if (codePoint < 0x800) {
      put(0xC0 | (codePoint >> 6));
      continuation(codePoint);
    } else if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
      utf8(0xFFFD);
    } else if (codePoint < 0x10000) {
      put(0xE0 | (codePoint >> 12));
      continuation(codePoint >> 6);
      continuation(codePoint);
    } else {
      put(0xF0 | (codePoint >> 18));
      continuation(codePoint >> 12);
      continuation(codePoint >> 6);
      continuation(codePoint);
    }
  }

  private void continuation(int bits) {
    put(0x80 | (bits & 0x3F));
  }

  private void digits(long number) {
    reserve(Digits.MOST);
    length = Digits.write(number, bytes, length);
  }

  private void ascii(String text) {
    copy(text, 0, text.length());
  }

  /** Copies characters that are all ASCII; the method that is deprecated does just that. */
  @SuppressWarnings("deprecation")
  private void copy(String ascii, int from, int to) {
    reserve(to - from);
    ascii.getBytes(from, to, bytes, length);
    length += to - from;
  }

  private void raw(byte[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  private void put(int b) {
    reserve(1);
    bytes[length++] = (byte) b;
  }

  private void reserve(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
    }
  }
}
