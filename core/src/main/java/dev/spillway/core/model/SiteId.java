package dev.spillway.core.model;

/**
 * Names a site: one provider's region where deployments run.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ - / :}, the first a letter or digit
 */
public record SiteId(String value) implements Comparable<SiteId> {
  /** Checks the characters. */
  public SiteId {
    Ids.check("site", value);
  }

  @Override
  public int compareTo(SiteId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
