package dev.spillway.app.cli;

import dev.spillway.app.agent.UnreadableLoginException;
import dev.spillway.app.config.ConfigFile;
import dev.spillway.app.config.SiteAgentConfig;
import dev.spillway.app.yaml.Bound;
import dev.spillway.app.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A {@code site.yaml} that was read.
 *
 * @param name how people call it
 * @param bound what it says, and where
 * @param base what its paths are relative to
 */
record SiteFile(String name, Bound<SiteAgentConfig> bound, Path base) {
  static SiteFile read(Path file) throws CommandFailure {
    try {
      Bound<SiteAgentConfig> bound = ConfigFile.readSite(file.toString(), Files.readAllBytes(file));
      Path folder = file.toAbsolutePath().getParent();
      return new SiteFile(file.toString(), bound, folder == null ? file.toAbsolutePath() : folder);
    } catch (InvalidFileException e) {
      throw new CommandFailure(e.getMessage(), e);
    } catch (IOException e) {
      throw ConfigOption.unreadable(file, e);
    }
  }

  SiteAgentConfig config() {
    return bound.value();
  }

  /** That what it names could not be used; with its line, if it names it. */
  CommandFailure failure(String what, Exception e) {
    String said =
        e instanceof UnreadableLoginException login
            ? bound.places().problem(login.key(), login.found()).in(name)
            : "spillway: " + what + FileTrouble.words(e);
    return new CommandFailure(said, e);
  }
}
