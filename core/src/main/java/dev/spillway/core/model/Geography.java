package dev.spillway.core.model;

/**
 * Labels where a site is, in the contract's own words ({@code us}, {@code eu}).
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ - / :}, the first a letter or digit
 */
public record Geography(String value) implements Comparable<Geography> {
  /** Checks the characters. */
  public Geography {
    Ids.check("geography", value);
  }

  @Override
  public int compareTo(Geography other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
