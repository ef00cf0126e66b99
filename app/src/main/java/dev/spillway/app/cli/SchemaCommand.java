package dev.spillway.app.cli;

import dev.spillway.app.config.ConfigFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code spillway schema}. */
@Command(
    name = "schema",
    description = "Prints the JSON Schema of spillway.yaml, for editors.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  spillway schema > spillway.schema.json",
      "  and as the first line of spillway.yaml:",
      "  # yaml-language-server: $schema=spillway.schema.json"
    })
final class SchemaCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().getOut().println(ConfigFile.schema());
  }
}
