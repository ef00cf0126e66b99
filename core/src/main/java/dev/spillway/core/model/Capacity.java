package dev.spillway.core.model;

/** How a deployment is paid for and limited. */
public sealed interface Capacity {
  /**
   * Prepaid throughput behind a leaky bucket, as Azure's provisioned throughput units.
   *
   * @param units how many units, at least 1
   * @param inputTokensPerMinutePerUnit input tokens a unit drains in a minute, at least 1
   * @param outputTokenWeight input tokens that one output token counts for, at least 1
   */
  record Provisioned(int units, long inputTokensPerMinutePerUnit, double outputTokenWeight)
      implements Capacity {
    /** Checks every bound. */
    public Provisioned {
      atLeastOne("capacity.units", units);
      atLeastOne("capacity.input-tokens-per-minute-per-unit", inputTokensPerMinutePerUnit);
      if (!(outputTokenWeight >= 1)) {
        throw new IllegalArgumentException(
            "capacity.output-token-weight: " + outputTokenWeight + " (expected: >= 1)");
      }
    }

    /** Weighted tokens that all units together drain in a second. */
    public double tokensPerSecond() {
      return units * (double) inputTokensPerMinutePerUnit / 60;
    }
  }

  /**
   * Engines of our own, or a partner's that serve us alone.
   *
   * @param replicas running copies of the engine, at least 1
   * @param sequencesPerReplica requests that one replica batches at once, at least 1
   * @param kvTokensPerReplica tokens that the KV cache of one replica holds, at least 1
   */
  record SelfHosted(int replicas, int sequencesPerReplica, long kvTokensPerReplica)
      implements Capacity {
    /** Checks every bound. */
    public SelfHosted {
      atLeastOne("capacity.replicas", replicas);
      atLeastOne("capacity.sequences-per-replica", sequencesPerReplica);
      atLeastOne("capacity.kv-tokens-per-replica", kvTokensPerReplica);
    }
  }

  /**
   * A provider's shared service, paid by the token; its limit is learnt.
   *
   * @param maxConcurrency attempts in flight never to be exceeded, at least 1
   */
  record OnDemand(int maxConcurrency) implements Capacity {
    /** Checks every bound. */
    public OnDemand {
      atLeastOne("capacity.max-concurrency", maxConcurrency);
    }
  }

  /** Its name in configuration, such as {@code self-hosted}. */
  default String kind() {
    return switch (this) {
      case Provisioned _ -> "provisioned";
      case SelfHosted _ -> "self-hosted";
      case OnDemand _ -> "on-demand";
    };
  }

  private static void atLeastOne(String key, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(key + ": " + value + " (expected: >= 1)");
    }
  }
}
