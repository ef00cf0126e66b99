package dev.spillway.app.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names what an agent is told. */
final class SiteConfigOption {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = "site.yaml",
      description = "What the agent is told (default: ${DEFAULT-VALUE} in this folder).")
  private Path file = Path.of("site.yaml");

  SiteFile read() throws CommandFailure {
    return SiteFile.read(file);
  }
}
