package dev.spillway.app.cli;

import dev.spillway.app.config.ConfigFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway schema}. */
@Command(
    name = "schema",
    description = "Prints the JSON Schema of spillway.yaml, or of site.yaml, for editors.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  spillway schema > spillway.schema.json",
      "  and as the first line of spillway.yaml:",
      "  # yaml-language-server: $schema=spillway.schema.json",
      "  spillway schema --site > site.schema.json",
      "  spillway schema --markdown"
    })
final class SchemaCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(names = "--site", description = "Of site.yaml, which a partner's agent is told.")
  private boolean site;

  @Option(names = "--markdown", description = "For people: tables of all keys, as Markdown.")
  private boolean markdown;

  @Override
  public void run() {
    spec.commandLine().getOut().println(markdown ? reference() : schema());
  }

  private String schema() {
    return site ? ConfigFile.siteSchema() : ConfigFile.schema();
  }

  private String reference() {
    return site ? ConfigFile.siteReference() : ConfigFile.reference();
  }
}
