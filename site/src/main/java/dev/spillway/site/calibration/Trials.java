package dev.spillway.site.calibration;

import dev.spillway.wire.link.SiteMessage.Pace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which small requests are to be made of one engine, and how fast it is by what came of them.
 *
 * <pre>
 *   prefill = (long prompt - short prompt) / (its time to first token - the short one's)
 *   decode  = the short one's time from its first token to its last / tokens between
 *   base    = the short one's time to first token - its prompt / prefill
 * </pre>
 *
 * <p>A difference, so that what each request costs whatever its length drops out. The long prompt
 * is as long as it must be for the difference to stand out, and no longer: 256 tokens, then four
 * times as many again. The fastest of three counts, since all that disturbs makes slower. An engine
 * so slow that three would take long is asked once.
 *
 * <p>No clock and no dice: whoever drives it says how long it has been at it. One thread.
 */
final class Trials {
  /** What all of them may cost the engine. */
  static final int MOST_TOKENS = 16_384;

  private static final Trial SHORT = new Trial(32, 24);
  private static final int FIRST_LONG_TOKENS = 256;
  private static final int GROWTH = 4;
  private static final int LONGEST_TOKENS = 4_096;
  private static final int TIMES = 3;
  private static final long REPEAT_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** A difference of less is lost among others. */
  private static final long LEAST_DIFFERENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  private static final long LEAST_TOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** An answer of fewer tokens tells no pace. */
  private static final int FEWEST_LATER_TOKENS = 8;

  /** Whoever writes faster has written before it sent. */
  private static final long FASTEST_TOKEN_NANOS = 20_000;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long NANOS_PER_MICRO = 1_000;

  private final List<Trial.Seen> shorts = new ArrayList<>();
  private final List<Trial.Seen> longs = new ArrayList<>();
  private int longTokens = FIRST_LONG_TOKENS;
  private boolean isLongEnough;
  private int spentTokens;

  /** The next one; empty if there is enough to tell by, or no more may be asked. */
  Optional<Trial> next(long elapsedNanos) {
    return Optional.ofNullable(wanted(elapsedNanos))
        .filter(each -> spentTokens + each.tokens() <= MOST_TOKENS);
  }

  /** One was answered. */
  void answered(Trial trial, Trial.Seen seen) {
    spentTokens += trial.tokens();
    if (trial.equals(SHORT)) {
      shorts.add(seen);
      return;
    }
    if (!isLongEnough) {
      longs.clear();
      isLongEnough = standsOut(seen) || longTokens * GROWTH > LONGEST_TOKENS;
      longTokens = isLongEnough ? longTokens : longTokens * GROWTH;
    }
    longs.add(seen);
  }

  /** One was too long for the engine. */
  void refused(Trial trial) {
    spentTokens += trial.promptTokens();
    isLongEnough = true;
    longTokens = 0;
  }

  /** Whether any was answered. */
  boolean hasAnswers() {
    return !shorts.isEmpty();
  }

  /** How fast it is; empty if they do not tell. */
  Optional<Pace> pace() {
    Trial.Seen brief = fastest(shorts);
    if (brief == null) {
      return Optional.empty();
    }
    double prefill = prefillTokensPerSecond(brief, fastest(longs));
    long decode = decodeNanos();
    if (prefill == 0 && decode == 0) {
      return Optional.empty();
    }
    double reading = prefill == 0 ? 0 : brief.promptTokens() / prefill * NANOS_PER_SECOND;
    long base = prefill == 0 ? 0 : Math.max(0, brief.firstNanos() - (long) reading);
    return Optional.of(
        new Pace(Math.round(prefill), decode / NANOS_PER_MICRO, base / NANOS_PER_MICRO));
  }

  private @Nullable Trial wanted(long elapsedNanos) {
    if (shorts.isEmpty()) {
      return SHORT;
    }
    if (!isLongEnough) {
      return new Trial(longTokens, 1);
    }
    if (elapsedNanos > REPEAT_WITHIN_NANOS) {
      return null;
    }
    if (shorts.size() < TIMES) {
      return SHORT;
    }
    return longs.size() < TIMES && longTokens > 0 ? new Trial(longTokens, 1) : null;
  }

  private boolean standsOut(Trial.Seen seen) {
    long brief = shorts.getFirst().firstNanos();
    return seen.firstNanos() - brief >= Math.max(LEAST_DIFFERENCE_NANOS, brief);
  }

  private static double prefillTokensPerSecond(Trial.Seen brief, Trial.@Nullable Seen lengthy) {
    if (lengthy == null) {
      return 0;
    }
    long tokens = lengthy.promptTokens() - brief.promptTokens();
    long nanos = lengthy.firstNanos() - brief.firstNanos();
    return tokens > 0 && nanos > LEAST_TOLD_NANOS ? tokens * NANOS_PER_SECOND / nanos : 0;
  }

  private long decodeNanos() {
    return shorts.stream()
        .filter(each -> each.laterTokens() >= FEWEST_LATER_TOKENS)
        .mapToLong(each -> each.laterNanos() / each.laterTokens())
        .filter(each -> each >= FASTEST_TOKEN_NANOS)
        .min()
        .orElse(0);
  }

  private static Trial.@Nullable Seen fastest(List<Trial.Seen> seen) {
    return seen.stream().min(Comparator.comparingLong(Trial.Seen::firstNanos)).orElse(null);
  }
}
