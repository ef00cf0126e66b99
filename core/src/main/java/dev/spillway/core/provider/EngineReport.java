package dev.spillway.core.provider;

/**
 * What the engines of one self-hosted deployment say of themselves, all replicas together.
 *
 * @param running sequences in the batch, at least 0
 * @param waiting sequences in the engines' own queues, at least 0
 * @param kvUse share of the KV cache in use, the mean over replicas, 0 to 1
 * @param replicas replicas that answered, at least 1
 */
public record EngineReport(int running, int waiting, double kvUse, int replicas) {
  /** Checks every bound. */
  public EngineReport {
    if (running < 0 || waiting < 0 || replicas < 1 || !(kvUse >= 0 && kvUse <= 1)) {
      throw new IllegalArgumentException(
          "report: " + running + ", " + waiting + ", " + kvUse + ", " + replicas);
    }
  }
}
