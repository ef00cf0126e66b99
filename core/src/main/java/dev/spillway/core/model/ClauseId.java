package dev.spillway.core.model;

/**
 * Names a clause; every decision records the clauses it used.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ - / :}, the first a letter or digit
 */
public record ClauseId(String value) implements Comparable<ClauseId> {
  /** Checks the characters. */
  public ClauseId {
    Ids.check("clause", value);
  }

  @Override
  public int compareTo(ClauseId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
