package dev.spillway.app.cli;

import dev.spillway.app.config.ConfigFile;
import dev.spillway.app.config.SiteAgentConfig;
import dev.spillway.app.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * A {@code site.yaml} that was read.
 *
 * @param config what it says
 * @param base what its paths are relative to
 */
record SiteFile(SiteAgentConfig config, Path base) {
  static SiteFile read(Path file) throws CommandFailure {
    try {
      SiteAgentConfig config = ConfigFile.readSite(file.toString(), Files.readAllBytes(file));
      Path folder = file.toAbsolutePath().getParent();
      return new SiteFile(config, folder == null ? file.toAbsolutePath() : folder);
    } catch (InvalidFileException e) {
      throw new CommandFailure(e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandFailure(file + ": cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  /** For people. */
  String hubs() {
    return config.hubs().stream()
        .map(each -> each.host() + ":" + each.port())
        .collect(Collectors.joining(", "));
  }
}
