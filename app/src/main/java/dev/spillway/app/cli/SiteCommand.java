package dev.spillway.app.cli;

import static java.util.stream.Collectors.joining;

import dev.spillway.app.agent.AgentProgram;
import dev.spillway.app.hub.StopSignals;
import dev.spillway.app.jvm.CompilerThreads;
import dev.spillway.app.jvm.EventLoopThreads;
import dev.spillway.app.jvm.TenuredHeap;
import dev.spillway.wire.link.HubAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
      "The agent has to join first, or be given a token: it joins with it if it has not joined yet.",
      "Nothing dials in: no port has to be open here.",
      "",
      "Example:",
      "  at the hub:  spillway site token --config spillway.yaml --site oci-chicago",
      "  here:        spillway site join --config site.yaml --token ...",
      "               spillway site --config site.yaml"
    })
final class SiteCommand implements Callable<Integer> {
  private static final Logger LOG = System.getLogger(SiteCommand.class.getName());

  @Spec private CommandSpec spec;

  @Mixin private SiteConfigOption file;
  @Mixin private HubOption at;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "${env:SPILLWAY_JOIN_TOKEN}",
      description = "Joins with it first, unless it has joined; also from SPILLWAY_JOIN_TOKEN.")
  private @Nullable String token;

  @Option(
      names = "--until-stdin-ends",
      description = "Stop when standard input ends: whoever started it can never leave it behind.")
  private boolean untilStdinEnds;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    LogFormat.install();
    SiteFile said = file.read();
    joinOnce(said);
    // Before the first request can come: a signal that nobody handles ends the JVM.
    StopSignals stop = StopSignals.heeded();
    try (AgentProgram agent = AgentProgram.start(said.config(), said.base())) {
      if (untilStdinEnds) {
        Thread.ofPlatform().daemon().name("stdin").start(() -> readToEnd(stop::ask));
      }
      say(
          "site %s dials %s; its page is http://%s:%d. Ctrl-C stops it."
              .formatted(
                  said.config().site(),
                  agent.hubs().stream().map(HubAddress::toString).collect(joining(", ")),
                  said.config().status().host(),
                  agent.statusPort()));
      EventLoopThreads.areLetInFirst();
      CompilerThreads.giveWayAfter(CompilerThreads.WARM_UP);
      TenuredHeap.keepSmall();
      stop.await();
      say(
          "stopping: open answers have "
              + said.config().drainWithin().toSeconds()
              + " s to end; another signal ends them at once");
      stop.whenAskedAgain(() -> {
        say("told again to stop: answers that are still open break off now");
        agent.hurry();
      });
      agent.drain();
    } catch (IOException e) {
      throw said.failure("", e);
    }
    say("stopped");
    return 0;
  }

  private void joinOnce(SiteFile said) throws CommandFailure, InterruptedException {
    try {
      if (token != null
          && !token.isBlank()
          && !AgentProgram.hasJoined(said.config(), said.base())) {
        say(SiteJoinCommand.join(said, at.hubs(), token));
      }
    } catch (IOException e) {
      throw said.failure("", e);
    }
  }

  private static void readToEnd(Runnable ended) {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "standard input ended", e);
    }
    ended.run();
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
