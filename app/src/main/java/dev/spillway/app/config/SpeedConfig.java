package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import dev.spillway.core.model.Speed;
import java.time.Duration;

/** How fast one replica is believed to be before anything is measured. */
public record SpeedConfig(
    @Key(value = "time to first token of an empty prompt", atLeast = "0ms", atMost = "1m")
        Duration base,
    @Key(value = "input tokens read in a second", moreThan = "0") double prefillTokensPerSecond,
    @Key(value = "time per output token of a lone request", atLeast = "0ms", atMost = "1m")
        Duration decode,
    @Key(
            value = "what each further request of the batch adds to it",
            otherwise = "0ms",
            atLeast = "0ms",
            atMost = "1m")
        Duration decodePerSequence) {
  private static final double NANOS_PER_MILLI = 1e6;

  /** In core's words. */
  public Speed toSpeed() {
    return new Speed(
        millis(base), prefillTokensPerSecond, millis(decode), millis(decodePerSequence));
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / NANOS_PER_MILLI;
  }
}
