package dev.spillway.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.simulator.engine.RecordedRun.Latency;
import dev.spillway.simulator.engine.RecordedRun.Summary;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * How far the engine model is from four real vLLM runs; each bound is the error found when the
 * profiles were fitted, rounded up, so that a change for the worse shows.
 */
class EngineValidationTest {
  @Test
  void llama8bOnRtx4090IsWithinFourPercent() {
    assertErrors(ValidationCase.RTX4090_LLAMA31_8B, new Bounds(2, 3, 2, 4));
  }

  @Test
  void llama8bOnRtxPro6000IsWithinThreePercent() {
    assertErrors(ValidationCase.RTXPRO6000_LLAMA31_8B, new Bounds(2, 3, 3, 2));
  }

  @Test
  void qwen32bIsWithinTwoPercent() {
    assertErrors(ValidationCase.RTXPRO6000_QWEN3_32B, new Bounds(2, 2, 1, 2));
  }

  /** A mixture of experts; its two engines step together, which the model does not know. */
  @Test
  void qwen30bA3bIsWithinEightPercent() {
    assertErrors(ValidationCase.RTXPRO6000_QWEN3_30B_A3B, new Bounds(8, 6, 6, 4));
  }

  private static void assertErrors(ValidationCase run, Bounds bounds) {
    List<Latency> measured = run.recorded().measured();
    List<Latency> simulated = run.simulate(run.profile());
    String name = run.profile().name();

    assertError(new Measure(name + " TTFT", Latency::ttft), measured, simulated, bounds.ttft());
    assertError(new Measure(name + " TPOT", Latency::tpot), measured, simulated, bounds.tpot());
  }

  private static void assertError(
      Measure what, List<Latency> measured, List<Latency> simulated, Summary boundPercent) {
    Summary real = Summary.of(measured, what.of());
    Summary model = Summary.of(simulated, what.of());
    double meanError = 100 * (model.mean() / real.mean() - 1);
    double p99Error = 100 * (model.p99() / real.p99() - 1);
    System.out.printf(
        Locale.ROOT,
        "%-30s mean %8.1f ms, model %+5.1f %%; p99 %8.1f ms, model %+5.1f %%%n",
        what.name(),
        1e3 * real.mean(),
        meanError,
        1e3 * real.p99(),
        p99Error);

    assertThat(Math.abs(meanError))
        .as(what.name() + " mean error, %%")
        .isLessThan(boundPercent.mean());
    assertThat(Math.abs(p99Error))
        .as(what.name() + " p99 error, %%")
        .isLessThan(boundPercent.p99());
  }

  private record Measure(String name, ToDoubleFunction<Latency> of) {}

  /** The largest errors allowed, per cent. */
  private record Bounds(double ttftMean, double ttftP99, double tpotMean, double tpotP99) {
    Summary ttft() {
      return new Summary(ttftMean, ttftP99);
    }

    Summary tpot() {
      return new Summary(tpotMean, tpotP99);
    }
  }
}
