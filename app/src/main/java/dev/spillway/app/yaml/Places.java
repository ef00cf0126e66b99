package dev.spillway.app.yaml;

import java.util.HashMap;
import java.util.Map;

/** Where in a file each key stands. */
public final class Places {
  private final Map<String, Integer> lines = new HashMap<>();

  void put(String path, int line) {
    lines.putIfAbsent(path, line);
  }

  /** The line of a key, or else of the nearest key around it; 1 if there is none. */
  public int lineOf(String path) {
    String at = path;
    while (!at.isEmpty()) {
      Integer line = lines.get(at);
      if (line != null) {
        return line;
      }
      at = at.substring(0, Math.max(0, at.lastIndexOf('.')));
    }
    return 1;
  }

  /** A problem with a key. */
  public Problem problem(String path, String message) {
    return new Problem(lineOf(path), path, message);
  }
}
