package dev.spillway.app.cli;

import dev.spillway.app.assembly.Assembler;
import dev.spillway.app.assembly.Assembly;
import dev.spillway.app.config.ConfigFile;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.providers.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import picocli.CommandLine.Option;

/** The option that names the configuration. */
final class ConfigOption {
  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration, such as examples/minimal.yaml.")
  private Path file = Path.of("spillway.yaml");

  /** The file. */
  Path file() {
    return file;
  }

  /** Reads, binds and assembles it; secrets stay where they are. */
  Assembly load() throws CommandFailure {
    return load(file);
  }

  static Assembly load(Path file) throws CommandFailure {
    String name = file.toString();
    try {
      return Assembler.assemble(
          name, ConfigFile.read(name, Files.readAllBytes(file)), Dialects.names(), Instant.now());
    } catch (InvalidFileException e) {
      throw new CommandFailure(e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandFailure(name + ": cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }
}
