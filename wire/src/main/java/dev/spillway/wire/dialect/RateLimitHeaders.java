package dev.spillway.wire.dialect;

import dev.spillway.core.quota.Quota;
import dev.spillway.core.quota.Quota.Refill;
import dev.spillway.core.quota.StatedCapacity;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says of its provider's quotas: {@code x-ratelimit-remaining-requests} and {@code
 * -tokens}, each with its {@code -limit-} and {@code -reset-}, as in OpenAI's API reference of 2026
 * (reset as {@code 6m0s} or {@code 12ms}) and Azure's (reset in seconds).
 *
 * <p>Anybody may have written them. Of a quota all that is there must be readable and agree, else
 * it is as good as not there; nothing is thrown. That nothing remains is believed only where the
 * limit is said as well: Azure has been seen to send 0 and -1 for what it does not know.
 */
public final class RateLimitHeaders {
  private static final Names REQUESTS = Names.of("requests");
  private static final Names TOKENS = Names.of("tokens");

  /**
   * How long is believed what has no reset: as long as one is left alone that refuses and does not
   * say until when.
   */
  private static final long WITHOUT_RESET_NANOS = 1_000_000_000;

  private static final long UNREADABLE = -1;
  private static final int MOST_DIGITS = 15;

  private RateLimitHeaders() {}

  /**
   * Reads both quotas.
   *
   * @param refill how what was taken of them comes back
   * @return null if neither is said
   */
  public static @Nullable StatedCapacity read(HeaderLookup headers, Refill refill) {
    Quota requests = quota(headers, REQUESTS, refill);
    Quota tokens = quota(headers, TOKENS, refill);
    return requests == null && tokens == null ? null : new StatedCapacity(requests, tokens, null);
  }

  private static @Nullable Quota quota(HeaderLookup headers, Names names, Refill refill) {
    String left = headers.first(names.remaining);
    if (left == null) {
      return null;
    }
    String most = headers.first(names.limit);
    String reset = headers.first(names.reset);
    long remaining = count(left);
    long limit = most == null ? 0 : count(most);
    long resetNanos = reset == null ? WITHOUT_RESET_NANOS : ResetTime.nanos(reset);
    boolean agrees =
        most == null ? remaining > 0 : remaining >= 0 && limit >= 1 && remaining <= limit;
    return agrees && resetNanos > 0 ? new Quota(remaining, limit, resetNanos, refill) : null;
  }

  /** Decimal digits and nothing else. */
  private static long count(String text) {
    if (text.isEmpty() || text.length() > MOST_DIGITS) {
      return UNREADABLE;
    }
    long count = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return UNREADABLE;
      }
      count = count * 10 + digit;
    }
    return count;
  }

  private record Names(String remaining, String limit, String reset) {
    static Names of(String what) {
      return new Names(
          "x-ratelimit-remaining-" + what,
          "x-ratelimit-limit-" + what,
          "x-ratelimit-reset-" + what);
    }
  }
}
