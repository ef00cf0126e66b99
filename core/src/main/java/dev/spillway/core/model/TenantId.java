package dev.spillway.core.model;

/**
 * Names a tenant: who is served and billed.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ - / :}, the first a letter or digit
 */
public record TenantId(String value) implements Comparable<TenantId> {
  /** Checks the characters. */
  public TenantId {
    Ids.check("tenant", value);
  }

  @Override
  public int compareTo(TenantId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
