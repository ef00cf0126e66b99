package dev.spillway.gateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** Makes ids that no other loop, process or hub makes; one loop's own. */
public final class Ids {
  private static final int RADIX = 36;

  /** Of the longest number in that radix. */
  private static final int MOST_DIGITS = 13;

  private final byte[] request;
  private final byte[] decision;
  private long made;

  /** None yet. */
  public Ids() {
    String own = Long.toString(ThreadLocalRandom.current().nextLong(1L << 50), RADIX) + "-";
    this.request = room("req-" + own);
    this.decision = room("d-" + own);
  }

  String nextRequestId() {
    return next(request);
  }

  String nextDecisionId() {
    return next(decision);
  }

  /** Writes the next number behind what they all begin with; nothing is made but the id. */
  @SuppressWarnings("deprecation") // of Latin-1, as it is: that is what is wanted
  private String next(byte[] id) {
    int end = id.length;
    int at = end;
    for (long rest = ++made; rest > 0; rest /= RADIX) {
      id[--at] = (byte) Character.forDigit((int) (rest % RADIX), RADIX);
    }
    int begin = end - MOST_DIGITS;
    System.arraycopy(id, at, id, begin, end - at);
    return new String(id, 0, 0, begin + end - at);
  }

  private static byte[] room(String beginning) {
    byte[] bytes = beginning.getBytes(ISO_8859_1);
    return Arrays.copyOf(bytes, bytes.length + MOST_DIGITS);
  }
}
