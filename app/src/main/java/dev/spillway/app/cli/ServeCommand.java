package dev.spillway.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code spillway serve}: runs the hub until it is told to stop. */
@Command(
    name = "serve",
    description = "Runs the hub.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The configuration is put in force again whenever it changes, or at SIGHUP; one that is",
      "invalid is refused, and the one in force stays. SIGTERM lets open answers end, a second one ends them.",
      "",
      "Example:",
      "  DEMO_KEY=sk-demo spillway serve --config examples/minimal.yaml"
    })
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    new Serving(config.file(), spec.commandLine().getOut()).untilStopped();
    return 0;
  }
}
