package dev.spillway.core.model;

/**
 * Names a model as clients ask for it.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ - / :}, the first a letter or digit
 */
public record ModelName(String value) implements Comparable<ModelName> {
  /** Checks the characters. */
  public ModelName {
    Ids.check("model", value);
  }

  @Override
  public int compareTo(ModelName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
