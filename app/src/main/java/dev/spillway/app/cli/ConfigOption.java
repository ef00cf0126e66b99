package dev.spillway.app.cli;

import dev.spillway.app.assembly.Assembler;
import dev.spillway.app.assembly.Assembly;
import dev.spillway.app.config.ConfigFile;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.providers.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import picocli.CommandLine.Option;

/** The option that names the configuration. */
final class ConfigOption {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = "spillway.yaml",
      description = "The configuration (default: ${DEFAULT-VALUE} in this folder).")
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
      throw unreadable(file, e);
    }
  }

  /** That a file of people's own cannot be read. */
  static CommandFailure unreadable(Path file, IOException e) {
    return new CommandFailure(
        e instanceof NoSuchFileException
            ? file + ": no such file (expected: --config names one)"
            : file + ": cannot be read (" + e.getClass().getSimpleName() + ")",
        e);
  }
}
