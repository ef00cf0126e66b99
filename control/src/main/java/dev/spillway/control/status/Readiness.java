package dev.spillway.control.status;

import java.util.Locale;

/** Whether a hub takes requests. */
public enum Readiness {
  /** Not yet. */
  STARTING,
  /** It does. */
  READY,
  /** Not any more: it lets open answers end. */
  DRAINING;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Its name in answers. */
  public String label() {
    return label;
  }
}
