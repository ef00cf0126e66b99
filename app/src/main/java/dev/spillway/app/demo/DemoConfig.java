package dev.spillway.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The configurations of the story, as files would have them. */
enum DemoConfig {
  /** The hub's. */
  HUB("/demo/spillway-demo.yaml"),
  /** Of the partner's agent. */
  AGENT("/demo/site.yaml");

  private final String template;

  DemoConfig(String template) {
    this.template = template;
  }

  /**
   * Fills in what is only known on this machine.
   *
   * @param values by the names that stand in the template between <code>${</code> and <code>}
   *     </code>
   */
  String with(Map<String, String> values) throws IOException {
    String text = text();
    for (Map.Entry<String, String> each : values.entrySet()) {
      text = text.replace("${" + each.getKey() + "}", each.getValue());
    }
    return text;
  }

  /** The hub's without the clause that keeps rivals apart. */
  static String withoutIsolation(String text) {
    return text.lines()
        .filter(line -> !line.strip().startsWith("xai-apart:"))
        .map(line -> line.replace("models: grok-2, keys", "keys"))
        .reduce("", (all, line) -> all + line + "\n");
  }

  private String text() throws IOException {
    try (InputStream file = DemoConfig.class.getResourceAsStream(template)) {
      if (file == null) {
        throw new IOException(template + ": not in this build");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
