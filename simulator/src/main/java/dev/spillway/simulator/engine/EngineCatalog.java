package dev.spillway.simulator.engine;

import java.util.List;
import java.util.Optional;

/**
 * The engines whose speed we know, or assume.
 *
 * <p>The coefficients of the measured ones come out of {@code StepTimeFit} in this module's tests;
 * {@code EngineValidationTest} prints how far the model is from the runs. They were fitted and
 * scored on the same requests under heavy load: trust them for queues and batches, less for an idle
 * engine.
 */
public final class EngineCatalog {
  private static final String FITTED =
      "fitted to the recorded vLLM run of that name in data/vllm-runs";

  /** Llama 3.1 8B, bf16, on one RTX 4090 of 24 GB; its KV cache is what limits it. */
  public static final EngineProfile RTX4090_LLAMA31_8B =
      new EngineProfile(
          "rtx4090-llama31-8b",
          "rtx4090",
          "llama-3.1-8b",
          new StepTime(17_490, 93.9, 0.00878, 49.6, 0.106),
          256,
          2_048,
          2_588,
          32_768,
          FITTED);

  /** Llama 3.1 8B, bf16, on one RTX PRO 6000 of 96 GB. */
  public static final EngineProfile RTXPRO6000_LLAMA31_8B =
      new EngineProfile(
          "rtxpro6000-llama31-8b",
          "rtxpro6000",
          "llama-3.1-8b",
          new StepTime(10_880, 50.7, 0.000_001, 60.3, 0.0623),
          128,
          2_048,
          32_000,
          32_768,
          FITTED);

  /** Qwen3 32B, bf16, on two RTX PRO 6000 (tensor parallel). */
  public static final EngineProfile RTXPRO6000_QWEN3_32B =
      new EngineProfile(
          "rtxpro6000-qwen3-32b",
          "2xrtxpro6000",
          "qwen3-32b",
          new StepTime(28_450, 166.0, 0.000241, 124.0, 0.134),
          128,
          2_048,
          24_000,
          32_768,
          FITTED);

  /** Qwen3 30B-A3B, bf16, a mixture of experts: one of two engines that share their experts. */
  public static final EngineProfile RTXPRO6000_QWEN3_30B_A3B =
      new EngineProfile(
          "rtxpro6000-qwen3-30b-a3b",
          "rtxpro6000",
          "qwen3-30b-a3b",
          new StepTime(21_010, 98.4, 0.00503, 38.9, 0.1),
          128,
          2_048,
          24_000,
          32_768,
          FITTED);

  /**
   * A dense model of 70 billion parameters, bf16, on four H100 of 80 GB: what demos let stand for a
   * model of the gpt-4o class, whose size and machines are not public.
   *
   * <p>Assumed, not measured; from nominal figures (3.35 TB/s and 989 TFLOP/s a chip):
   *
   * <pre>
   *   base            = 140 GB / (4 * 3.35 TB/s) + 5 ms for exchanges between the chips
   *   prefill token   = 140 GFLOP / (4 * 989 TFLOP/s at 45 % of peak)
   *   prefill context = 4 * 80 layers * 8192 FLOP / the same, doubled for slower kernels
   *   decode          = half a prefill token; 0.4 to 1.2 in the fitted engines
   *   decode context  = 320 KiB / (4 * 3.35 TB/s), and a fifth more
   *   KV cache        = 4 * 80 GB * 0.9 - 140 GB, in blocks of 16 * 320 KiB
   * </pre>
   */
  public static final EngineProfile H100X4_70B =
      new EngineProfile(
          "h100x4-70b",
          "4xh100",
          "dense-70b",
          new StepTime(15_400, 79, 0.003, 40, 0.029),
          256,
          2_048,
          28_200,
          131_072,
          "assumed from nominal bandwidth and compute; not measured");

  private static final List<EngineProfile> ALL =
      List.of(
          RTX4090_LLAMA31_8B,
          RTXPRO6000_LLAMA31_8B,
          RTXPRO6000_QWEN3_32B,
          RTXPRO6000_QWEN3_30B_A3B,
          H100X4_70B);

  private EngineCatalog() {}

  /** All of them, in no order of merit. */
  public static List<EngineProfile> all() {
    return ALL;
  }

  /** The one of this name, if there is one. */
  public static Optional<EngineProfile> named(String name) {
    return ALL.stream().filter(profile -> profile.name().equals(name)).findFirst();
  }
}
