package dev.spillway.gateway.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head of one connection's last request. A client's next one mostly has the same bytes but for
 * the length of its body, and is compared then, not read: what it says was found out before.
 *
 * <p>Only what the decoder took is remembered, and compared only where it would read a head, of
 * which it would make the same. A head that is not all here, or has no length, is the decoder's.
 */
final class LastHead {
  /** What is longer is rare, and would be held by every connection. */
  private static final int MOST_BYTES = 2 << 10;

  /** Heads in a row that were like none before, after which none is remembered any more. */
  private static final int MOST_MISSES = 8;

  private static final int MOST_DIGITS = 9;
  private static final byte[] NONE = {};

  private static final Pattern LENGTH =
      Pattern.compile(
          "\r\ncontent-length:[ \t]*([0-9]{1," + MOST_DIGITS + "})[ \t]*\r\n",
          Pattern.CASE_INSENSITIVE);

  private final int mostBytes;
  private byte[] head = NONE;
  private byte[] next = NONE;
  private int digits;
  private int afterDigits;
  private int misses = -1; // who asks once only needs no memory

  /**
   * None yet.
   *
   * @param limit what the decoder takes for a head, in bytes; one that is alike is never longer
   */
  LastHead(int limit) {
    mostBytes = Math.min(MOST_BYTES, limit - MOST_DIGITS);
  }

  /** Another head is read, which may not be remembered: what was before it is the last no more. */
  void forget() {
    head = NONE;
  }

  /**
   * Remembers the head that the decoder read from here to there.
   *
   * @param bodyBytes what it took the length of the body to be; -1 if it found none
   */
  void remember(ByteBuf bytes, int from, int to, long bodyBytes) {
    if (misses++ < 0 || misses > MOST_MISSES || to - from > mostBytes) {
      return;
    }
    byte[] read = new byte[to - from];
    bytes.getBytes(from, read);
    Matcher length = LENGTH.matcher(new String(read, US_ASCII));
    if (length.find() && Integer.parseInt(length.group(1)) == bodyBytes) {
      digits = length.start(1);
      afterDigits = length.end(1);
      head = read;
      next = new byte[read.length + MOST_DIGITS];
    }
  }

  /**
   * Reads the head that begins here, if it is the one remembered and all of it is here; else null,
   * and nothing is read.
   */
  @Nullable HeadLikeBefore read(ByteBuf bytes) {
    if (head.length == 0) {
      return null;
    }
    int here = Math.min(next.length, bytes.readableBytes());
    bytes.getBytes(bytes.readerIndex(), next, 0, here);
    if (!Arrays.equals(head, 0, digits, next, 0, Math.min(digits, here))) {
      return null;
    }
    int bodyBytes = 0;
    int at = digits;
    for (; at < here && isDigit(next[at]) && at - digits < MOST_DIGITS; at++) {
      bodyBytes = 10 * bodyBytes + next[at] - '0';
    }
    int end = at + head.length - afterDigits;
    boolean isSame = end <= here && Arrays.equals(head, afterDigits, head.length, next, at, end);
    boolean isPlain = bodyBytes > 0 && next[digits] != '0';
    if (!isSame || !isPlain) {
      return null;
    }
    misses = 0;
    bytes.skipBytes(end);
    return new HeadLikeBefore(bodyBytes);
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }
}
