package dev.spillway.gateway.upstream;

/**
 * A secret that a provider wants to see, ready to send; never shown.
 *
 * @param value printable ASCII; empty for none
 */
public record Credential(String value) {
  /** Nothing is sent. */
  public static final Credential NONE = new Credential("");

  /** Whether there is one. */
  public boolean isPresent() {
    return !value.isEmpty();
  }

  @Override
  public String toString() {
    return "***";
  }
}
