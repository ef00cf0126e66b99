package dev.spillway.core.model;

/**
 * Names a deployment: one model at one site under one contract.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ - / :}, the first a letter or digit
 */
public record DeploymentId(String value) implements Comparable<DeploymentId> {
  /** Checks the characters. */
  public DeploymentId {
    Ids.check("deployment", value);
  }

  @Override
  public int compareTo(DeploymentId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
