package dev.spillway.core.model;

/**
 * Names the chip that a deployment runs on ({@code h100}).
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ - / :}, the first a letter or digit
 */
public record Accelerator(String value) implements Comparable<Accelerator> {
  /** Checks the characters. */
  public Accelerator {
    Ids.check("accelerator", value);
  }

  @Override
  public int compareTo(Accelerator other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
