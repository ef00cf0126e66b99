package dev.spillway.app.cli;

import dev.spillway.app.agent.AgentProgram;
import dev.spillway.app.hub.Signals;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spillway site}: runs a partner's agent until it is told to stop. */
@Command(
    name = "site",
    description = "Runs a partner's agent, next to its engines; it dials the hub.",
    mixinStandardHelpOptions = true,
    subcommands = {
      SiteJoinCommand.class,
      SiteRevokeCommand.class,
      SiteStatusCommand.class,
      SiteTokenCommand.class
    },
    footer = {
      "",
      "The agent has to join first. Nothing dials in: no port has to be open here.",
      "",
      "Example:",
      "  at the hub:  spillway site token --config spillway.yaml --site oci-chicago",
      "  here:        spillway site join --config site.yaml --token ...",
      "               spillway site --config site.yaml"
    })
final class SiteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "What the agent is told, such as examples/site.yaml.")
  private @Nullable Path file;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    if (file == null) {
      throw new ParameterException(spec.commandLine(), "Missing required option: '--config=FILE'");
    }
    LogFormat.install();
    SiteFile said = SiteFile.read(file);
    try (AgentProgram agent = AgentProgram.start(said.config(), said.base())) {
      CountDownLatch stop = new CountDownLatch(1);
      Signals.on("TERM", stop::countDown);
      Signals.on("INT", stop::countDown);
      say(
          "site %s dials %s; its page is http://%s:%d. Ctrl-C stops it."
              .formatted(
                  said.config().site(),
                  said.hubs(),
                  said.config().status().host(),
                  agent.statusPort()));
      stop.await();
      say("stopping: open answers have " + said.config().drainWithin().toSeconds() + " s to end");
      agent.drain();
    } catch (IOException e) {
      throw new CommandFailure("spillway: " + e.getMessage(), e);
    }
    say("stopped");
    return 0;
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
