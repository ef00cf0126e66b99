package dev.spillway.app.assembly;

import dev.spillway.core.model.Accelerator;
import dev.spillway.core.model.Speed;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.engine.EngineProfile;
import dev.spillway.simulator.engine.StepTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a replica on an accelerator is believed to do before anything is measured, from the engine
 * model's profiles.
 *
 * <p>Of an iteration over {@code n} sequences that decode, or over as many prompt tokens as it
 * computes at once, the model says
 *
 * <pre>
 *   base    = base
 *   prefill = 1 / (perPrefillToken + base / maxBatchedTokens)
 *   decode  = base + perDecode + perDecodeContext * 1,000, and the last two for each further one
 * </pre>
 *
 * <p>Only a start: routing learns a deployment's speed from its answers.
 */
public final class Accelerators {
  private static final double MICROS_PER_SECOND = 1e6;
  private static final double MICROS_PER_MILLI = 1e3;

  /** Input and output so far of a sequence, as in a chat. */
  private static final int USUAL_CONTEXT_TOKENS = 1_000;

  private static final Map<String, EngineProfile> TABLE = table();

  private Accelerators() {}

  /** Those it knows, by name. */
  public static Set<String> known() {
    return TABLE.keySet();
  }

  /**
   * The engine that stands for an accelerator; empty if it is unknown. For none, the one that
   * stands for a provider's service of which nobody says what it runs on.
   */
  public static Optional<EngineProfile> profile(@Nullable Accelerator accelerator) {
    return accelerator == null
        ? Optional.of(EngineCatalog.H100X4_70B)
        : Optional.ofNullable(TABLE.get(accelerator.value()));
  }

  /** How fast one replica of an engine is believed to be. */
  public static Speed speed(EngineProfile profile) {
    StepTime step = profile.stepTime();
    double prefillMicros =
        step.perPrefillTokenMicros() + step.baseMicros() / profile.maxBatchedTokens();
    double perSequence =
        step.perDecodeMicros() + step.perDecodeContextMicros() * USUAL_CONTEXT_TOKENS;
    return new Speed(
        step.baseMicros() / MICROS_PER_MILLI,
        MICROS_PER_SECOND / prefillMicros,
        (step.baseMicros() + perSequence) / MICROS_PER_MILLI,
        perSequence / MICROS_PER_MILLI);
  }

  private static Map<String, EngineProfile> table() {
    Map<String, EngineProfile> table = new LinkedHashMap<>();
    EngineCatalog.all().forEach(each -> table.putIfAbsent(each.accelerator(), each));
    table.put("h100", EngineCatalog.H100X4_70B);
    return table;
  }
}
