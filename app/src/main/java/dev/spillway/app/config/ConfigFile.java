package dev.spillway.app.config;

import dev.spillway.app.yaml.Binder;
import dev.spillway.app.yaml.Bound;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.app.yaml.JsonSchema;
import dev.spillway.app.yaml.KeyReference;
import dev.spillway.app.yaml.YamlFile;

/** Reads {@code spillway.yaml}. */
public final class ConfigFile {
  private static final Binder BINDER = new Binder(ConfigScalars.ALL);

  private ConfigFile() {}

  /**
   * Reads a configuration.
   *
   * @param name how errors call the file
   * @throws InvalidFileException if it cannot be used; it names every problem with its line
   */
  public static Bound<SpillwayConfig> read(String name, byte[] bytes) throws InvalidFileException {
    return BINDER.bind(YamlFile.of(name, bytes), SpillwayConfig.class);
  }

  /**
   * Reads {@code site.yaml}.
   *
   * @param name how errors call the file
   * @throws InvalidFileException if it cannot be used; it names every problem with its line
   */
  public static Bound<SiteAgentConfig> readSite(String name, byte[] bytes)
      throws InvalidFileException {
    return BINDER.bind(YamlFile.of(name, bytes), SiteAgentConfig.class);
  }

  /** What {@code site.yaml} may say, as a JSON Schema. */
  public static String siteSchema() {
    return JsonSchema.of("site.yaml", SiteAgentConfig.class, ConfigScalars.ALL);
  }

  /** What it may say, as a JSON Schema. */
  public static String schema() {
    return JsonSchema.of("spillway.yaml", SpillwayConfig.class, ConfigScalars.ALL);
  }

  /** What it may say, a table for each topmost key, as Markdown. */
  public static String reference() {
    return KeyReference.of(SpillwayConfig.class, ConfigScalars.ALL);
  }

  /** What {@code site.yaml} may say, as Markdown. */
  public static String siteReference() {
    return KeyReference.of(SiteAgentConfig.class, ConfigScalars.ALL);
  }
}
