package dev.spillway.simulator.engine;

import dev.spillway.simulator.engine.RecordedRun.Latency;
import java.util.List;

/**
 * A recorded run and the profile that stands for its engine.
 *
 * @param replicas engines of the run
 * @param weightsMicros reading the weights of one replica once at its accelerators' nominal
 *     bandwidth, microseconds: no iteration is shorter
 */
record ValidationCase(
    RecordedRun recorded, EngineProfile profile, int replicas, double weightsMicros) {
  static final ValidationCase RTX4090_LLAMA31_8B =
      of("rtx4090-llama31-8b", "workload-llama31.csv", EngineCatalog.RTX4090_LLAMA31_8B, 1, 15_900);
  static final ValidationCase RTXPRO6000_LLAMA31_8B =
      of(
          "rtxpro6000-llama31-8b",
          "workload-llama31.csv",
          EngineCatalog.RTXPRO6000_LLAMA31_8B,
          1,
          10_050);
  static final ValidationCase RTXPRO6000_QWEN3_32B =
      of(
          "rtxpro6000-qwen3-32b",
          "workload-qwen3.csv",
          EngineCatalog.RTXPRO6000_QWEN3_32B,
          1,
          20_500);
  static final ValidationCase RTXPRO6000_QWEN3_30B_A3B =
      of(
          "rtxpro6000-qwen3-30b-a3b",
          "workload-qwen3.csv",
          EngineCatalog.RTXPRO6000_QWEN3_30B_A3B,
          2,
          19_100);
  static final List<ValidationCase> ALL =
      List.of(
          RTX4090_LLAMA31_8B,
          RTXPRO6000_LLAMA31_8B,
          RTXPRO6000_QWEN3_32B,
          RTXPRO6000_QWEN3_30B_A3B);

  List<Latency> simulate(EngineProfile with) {
    return recorded.simulated(ReplicaSet.asProfiled(with, replicas));
  }

  private static ValidationCase of(
      String run, String workload, EngineProfile profile, int replicas, double weightsMicros) {
    return new ValidationCase(RecordedRun.load(run, workload), profile, replicas, weightsMicros);
  }
}
