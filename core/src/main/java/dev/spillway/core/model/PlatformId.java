package dev.spillway.core.model;

/**
 * Names a platform: under whose API, identity and licence a model is served.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ - / :}, the first a letter or digit
 */
public record PlatformId(String value) implements Comparable<PlatformId> {
  /** Checks the characters. */
  public PlatformId {
    Ids.check("platform", value);
  }

  @Override
  public int compareTo(PlatformId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
