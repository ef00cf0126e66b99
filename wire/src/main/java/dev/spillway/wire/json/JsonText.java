package dev.spillway.wire.json;

import java.util.Arrays;

/** A text of JSON and a place in it, moved over what stands between values and what is fixed. */
abstract sealed class JsonText permits JsonCursor {
  byte[] bytes = new byte[0];
  int start;
  int at;
  int end;

  /** Where the next value begins, from the start of the text. */
  public final int position() throws MalformedJson {
    peek();
    return at - start;
  }

  /** Where the value that was read last ends, from the start of the text. */
  public final int endOfValue() {
    return at - start;
  }

  /** Checks that only white space follows. */
  public final void end() throws MalformedJson {
    skipSpace();
    if (at < end) {
      throw malformed("something after the end");
    }
  }

  final void startOn(byte[] source, int offset, int length) {
    bytes = source;
    start = offset;
    at = offset;
    end = offset + length;
  }

  /** The first byte that is no white space; stays before it. */
  final byte peek() throws MalformedJson {
    skipSpace();
    if (at >= end) {
      throw malformed("the text ends");
    }
    return bytes[at];
  }

  final void expect(char mark) throws MalformedJson {
    if (peek() != mark) {
      throw malformed("no '" + mark + "'");
    }
    at++;
  }

  final void literal(byte[] expected) throws MalformedJson {
    peek();
    int to = at + expected.length;
    if (to > end || !Arrays.equals(bytes, at, to, expected, 0, expected.length)) {
      throw malformed("no value");
    }
    at = to;
  }

  final MalformedJson malformed(String what) {
    return new MalformedJson(what, at - start);
  }

  private void skipSpace() {
    while (at < end && isSpace(bytes[at])) {
      at++;
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
