package dev.spillway.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The configuration of the story, as a file would have it. */
final class DemoConfig {
  private static final String TEMPLATE = "/demo/spillway-demo.yaml";

  private DemoConfig() {}

  /**
   * Fills in what is only known on this machine.
   *
   * @param values by the names that stand in the template between <code>${</code> and <code>}
   *     </code>
   */
  static String with(Map<String, String> values) throws IOException {
    String text = template();
    for (Map.Entry<String, String> each : values.entrySet()) {
      text = text.replace("${" + each.getKey() + "}", each.getValue());
    }
    return text;
  }

  /** The same without the clause that keeps rivals apart. */
  static String withoutIsolation(String text) {
    return text.lines()
        .filter(line -> !line.strip().startsWith("xai-apart:"))
        .map(line -> line.replace("models: grok-2, keys", "keys"))
        .reduce("", (all, line) -> all + line + "\n");
  }

  private static String template() throws IOException {
    try (InputStream file = DemoConfig.class.getResourceAsStream(TEMPLATE)) {
      if (file == null) {
        throw new IOException(TEMPLATE + ": not in this build");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
