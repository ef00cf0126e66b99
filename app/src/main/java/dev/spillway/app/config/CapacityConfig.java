package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import dev.spillway.app.yaml.Kind;
import org.jspecify.annotations.Nullable;

/** How a deployment is paid for and limited. */
public sealed interface CapacityConfig {
  /** Prepaid throughput behind a leaky bucket, as Azure's provisioned throughput units. */
  @Kind("provisioned")
  record Provisioned(
      @Key(value = "how many units were bought", atLeast = "1") int units,
      @Key(
              value = "input tokens that one unit takes in a minute, by the provider's table",
              atLeast = "1")
          long inputTokensPerMinutePerUnit,
      @Key(
              value = "input tokens that one output token counts for, by the provider's table",
              otherwise = "4",
              atLeast = "1")
          double outputTokenWeight)
      implements CapacityConfig {}

  /** Engines of our own, or a partner's that serve us alone. */
  @Kind("self-hosted")
  record SelfHosted(
      @Key(value = "running copies of the engine behind the url", atLeast = "1") int replicas,
      @Key(
              value = "requests that one replica batches at once; by the accelerator's table",
              atLeast = "1")
          @Nullable Integer sequencesPerReplica,
      @Key(
              value = "tokens that the KV cache of one replica holds; by the accelerator's table",
              atLeast = "1")
          @Nullable Long kvTokensPerReplica)
      implements CapacityConfig {}

  /** A provider's shared service, paid by the token. */
  @Kind("on-demand")
  record OnDemand(
      @Key(
              value = "attempts in flight never to be exceeded; the limit below it is learnt",
              otherwise = "1000",
              atLeast = "1")
          int maxConcurrency)
      implements CapacityConfig {}
}
