package dev.spillway.app.hub;

import dev.spillway.core.model.Speed;
import dev.spillway.wire.link.SiteMessage.Pace;
import java.util.Optional;

/**
 * How fast a deployment is by its site's word. What the site does not say is as it was assumed;
 * what a further request of a batch adds is scaled with the rest of writing.
 */
final class SiteSpeed {
  private static final double MICROS_PER_MILLI = 1e3;

  /** Beyond are mistakes: no replica reads more in a second, or takes longer for a token. */
  private static final long MOST_PREFILL = 100_000_000;

  private static final long MOST_MICROS = 60_000_000;

  private SiteSpeed() {}

  /** Empty if it says nothing, or what cannot be. */
  static Optional<Speed> of(Pace pace, Speed assumed) {
    if (pace.equals(Pace.UNKNOWN)
        || pace.prefillTokensPerSecond() > MOST_PREFILL
        || pace.decodeMicros() > MOST_MICROS
        || pace.baseMicros() > MOST_MICROS) {
      return Optional.empty();
    }
    double decode =
        pace.decodeMicros() > 0 ? pace.decodeMicros() / MICROS_PER_MILLI : assumed.decodeMillis();
    double scale = assumed.decodeMillis() > 0 ? decode / assumed.decodeMillis() : 1;
    boolean reads = pace.prefillTokensPerSecond() > 0;
    return Optional.of(
        new Speed(
            pace.baseMicros() > 0 ? pace.baseMicros() / MICROS_PER_MILLI : assumed.baseMillis(),
            reads ? pace.prefillTokensPerSecond() : assumed.prefillTokensPerSecond(),
            decode,
            assumed.decodeMillisPerSequence() * scale));
  }
}
