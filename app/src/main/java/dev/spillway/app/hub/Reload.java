package dev.spillway.app.hub;

import java.util.List;

/** What became of a text that was to be put in force. */
public sealed interface Reload {
  /**
   * It is.
   *
   * @param version of it
   * @param needRestart keys that changed and are read at the start only
   */
  record InForce(String version, List<String> needRestart) implements Reload {
    /** Copies. */
    public InForce {
      needRestart = List.copyOf(needRestart);
    }
  }

  /**
   * It cannot be; the one before stays.
   *
   * @param problems a line for each
   */
  record Refused(String problems) implements Reload {}
}
