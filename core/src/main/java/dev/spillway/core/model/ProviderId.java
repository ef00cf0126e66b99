package dev.spillway.core.model;

/**
 * Names a provider: a party that owns infrastructure or serves models.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ - / :}, the first a letter or digit
 */
public record ProviderId(String value) implements Comparable<ProviderId> {
  /** Checks the characters. */
  public ProviderId {
    Ids.check("provider", value);
  }

  @Override
  public int compareTo(ProviderId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
