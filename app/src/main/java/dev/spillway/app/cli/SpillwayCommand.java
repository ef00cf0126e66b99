package dev.spillway.app.cli;

import picocli.CommandLine.Command;

/** The program itself; what it does is in its subcommands. */
@Command(
    name = "spillway",
    description = "One inference platform over many providers' infrastructure.",
    mixinStandardHelpOptions = true,
    version = "spillway 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CheckCommand.class,
      DemoCommand.class,
      EngineCommand.class,
      ExplainCommand.class,
      RehearseCommand.class,
      ReplayCommand.class,
      SchemaCommand.class,
      ServeCommand.class,
      SiteCommand.class,
      SimulateCommand.class
    })
final class SpillwayCommand {}
