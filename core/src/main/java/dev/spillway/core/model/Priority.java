package dev.spillway.core.model;

import java.util.Locale;

/** The order between requests that wait; declared from the most urgent to the least. */
public enum Priority {
  /** Before all others. */
  HIGH,
  /** The default. */
  NORMAL,
  /** When nobody else waits. */
  LOW;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Its name in configuration and metrics. */
  public String label() {
    return label;
  }
}
