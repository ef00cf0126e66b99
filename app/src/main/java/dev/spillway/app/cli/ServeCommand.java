package dev.spillway.app.cli;

import dev.spillway.app.config.SpillwayConfig;
import dev.spillway.app.hub.ConfigWatch;
import dev.spillway.app.hub.Hub;
import dev.spillway.app.hub.RotationWatch;
import dev.spillway.app.hub.Signals;
import dev.spillway.app.hub.StopSignals;
import dev.spillway.app.jvm.CompilerThreads;
import dev.spillway.app.jvm.TenuredHeap;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.gateway.RequestLog;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Duration;
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
  private static final int REQUESTS_QUEUED_FOR_LOG = 10_000;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    LogFormat.install();
    // Before the first client can come: a signal that nobody handles ends the JVM, and all answers.
    StopSignals stop = StopSignals.heeded();
    Signals.on("HUP", () -> {}); // the file is being read
    try (RequestLog log =
            new RequestLog(new FileOutputStream(FileDescriptor.out), REQUESTS_QUEUED_FOR_LOG);
        Hub hub = start(log);
        ConfigWatch watch = new ConfigWatch(hub, config.file(), LOOK_EVERY);
        RotationWatch _ = new RotationWatch(hub, LOOK_EVERY)) {
      Signals.on("HUP", watch::reloadNow);
      greet(hub);
      CompilerThreads.giveWayAfter(CompilerThreads.WARM_UP);
      TenuredHeap.keepSmall();
      stop.await();
      say(
          "stopping: open answers have "
              + seconds(hub)
              + " s to end; another signal ends them at once");
      stop.whenAskedAgain(() -> hurry(hub));
      hub.drain();
    }
    say("stopped");
    return 0;
  }

  private Hub start(RequestLog log) throws CommandFailure, InterruptedException {
    try {
      return Hub.start(config.file(), Files.readAllBytes(config.file()), log);
    } catch (InvalidFileException e) {
      throw new CommandFailure(e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandFailure("spillway: " + FileTrouble.words(e), e);
    }
  }

  private void greet(Hub hub) {
    SpillwayConfig file = hub.inForce().assembly().config();
    String scheme = file.listen().tls() == null ? "http" : "https";
    say(
        """
        %s is served to
          clients    %s://%s:%d/v1
          operators  http://%s:%d (/readyz, /metrics, /api/deployments, /api/decisions)
        from %d deployments at %d sites by %s, version %s. Ctrl-C stops it.\
        """
            .formatted(
                file.platform(),
                scheme,
                file.listen().data().host(),
                hub.dataPort(),
                file.listen().admin().host(),
                hub.adminPort(),
                file.deployments().size(),
                file.sites().size(),
                config.file(),
                hub.inForce().version()));
    if (file.cacheSalt() == null) {
      say(
          "cache-salt is not set: ids of kept responses are understood by this hub alone, and until"
              + " it stops.");
    }
    if (hub.linkPort() > 0) {
      say("Agents of partner sites link to port " + hub.linkPort() + ".");
    }
  }

  private void hurry(Hub hub) {
    say("told again to stop: answers that are still open end now, with an error");
    hub.hurry();
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }

  private static long seconds(Hub hub) {
    return hub.inForce().assembly().config().limits().drainWithin().toSeconds();
  }
}
