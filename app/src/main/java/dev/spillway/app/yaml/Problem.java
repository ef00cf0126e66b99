package dev.spillway.app.yaml;

/**
 * One thing that is wrong with a file.
 *
 * @param line from 1
 * @param path the keys down to it, such as {@code deployments.chat-home.capacity.units}; empty for
 *     the file as a whole
 * @param message what was found and what was expected
 */
public record Problem(int line, String path, String message) {
  /** In the form that editors jump to: {@code spillway.yaml:12: path: message}. */
  public String in(String file) {
    return file + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + message;
  }
}
