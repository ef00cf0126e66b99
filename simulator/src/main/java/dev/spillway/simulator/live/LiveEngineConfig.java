package dev.spillway.simulator.live;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.ModelName;
import dev.spillway.simulator.engine.EngineProfile;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a live simulated engine serves, where and how fast.
 *
 * @param host address it listens on
 * @param port port it listens on, 0 for any free one
 * @param model what it stands for; it calls itself {@code sim-} and this name, and answers to both
 * @param profile what one replica can do
 * @param replicas how many, at least 1
 * @param perturbation the largest share by which a replica is faster or slower than its profile, at
 *     least 0 and less than 1; which way, the seed decides
 * @param seed of the perturbation and of the texts
 * @param provisioned the bucket in front, or null if there is none
 * @param key what callers must present, or null if any key or none will do
 * @param faults which requests fail by themselves, or null if none does
 */
public record LiveEngineConfig(
    String host,
    int port,
    ModelName model,
    EngineProfile profile,
    int replicas,
    double perturbation,
    long seed,
    @Nullable Provisioned provisioned,
    @Nullable ApiKey key,
    @Nullable FaultRule faults) {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int MAX_PORT = 65_535;

  /** Checks every bound. */
  public LiveEngineConfig {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to " + MAX_PORT + ")");
    }
    if (replicas < 1) {
      throw new IllegalArgumentException("replicas: " + replicas + " (expected: >= 1)");
    }
    if (!(perturbation >= 0 && perturbation < 1)) {
      throw new IllegalArgumentException(
          "perturbation: " + perturbation + " (expected: >= 0 and < 1)");
    }
  }

  /**
   * A leaky bucket in front of the replicas.
   *
   * @param capacity what was bought
   * @param depth how much draining its level of 1 stands for, more than 0
   */
  public record Provisioned(Capacity.Provisioned capacity, Duration depth) {}

  /** A secret; never printed. */
  public record ApiKey(String value) {
    @Override
    public String toString() {
      return "***";
    }
  }

  /** One replica on any free port of the loopback address, as fast as its profile, no key asked. */
  public static LiveEngineConfig of(ModelName model, EngineProfile profile) {
    return new LiveEngineConfig(LOOPBACK, 0, model, profile, 1, 0, 0, null, null, null);
  }

  /** The same on another address. */
  public LiveEngineConfig listeningOn(String otherHost, int otherPort) {
    return new LiveEngineConfig(
        otherHost,
        otherPort,
        model,
        profile,
        replicas,
        perturbation,
        seed,
        provisioned,
        key,
        faults);
  }

  /** The same with so many replicas. */
  public LiveEngineConfig withReplicas(int count) {
    return new LiveEngineConfig(
        host, port, model, profile, count, perturbation, seed, provisioned, key, faults);
  }

  /** The same, its replicas up to this share faster or slower than their profile. */
  public LiveEngineConfig perturbedBy(double share, long otherSeed) {
    return new LiveEngineConfig(
        host, port, model, profile, replicas, share, otherSeed, provisioned, key, faults);
  }

  /** The same behind a bucket. */
  public LiveEngineConfig behind(Provisioned bucket) {
    return new LiveEngineConfig(
        host, port, model, profile, replicas, perturbation, seed, bucket, key, faults);
  }

  /** The same, refusing callers without this key. */
  public LiveEngineConfig requiring(ApiKey secret) {
    return new LiveEngineConfig(
        host, port, model, profile, replicas, perturbation, seed, provisioned, secret, faults);
  }

  /** The same, failing by this rule. */
  public LiveEngineConfig failing(FaultRule rule) {
    return new LiveEngineConfig(
        host, port, model, profile, replicas, perturbation, seed, provisioned, key, rule);
  }

  /** The name it gives itself. */
  public String servedName() {
    return "sim-" + model;
  }
}
