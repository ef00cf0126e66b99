package dev.spillway.core.model;

/**
 * Names what requests want done, such as {@code embeddings}: a provider may refuse our credential
 * for one operation and take it for the others.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ - / :}, the first a letter or digit
 */
public record OperationName(String value) implements Comparable<OperationName> {
  /** What a request wants that says nothing else. */
  public static final OperationName CHAT = new OperationName("chat-completions");

  /** Checks the characters. */
  public OperationName {
    Ids.check("operation", value);
  }

  @Override
  public int compareTo(OperationName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
