package dev.spillway.app.cli;

import dev.spillway.app.config.SpillwayConfig;
import dev.spillway.app.hub.ConfigWatch;
import dev.spillway.app.hub.Hub;
import dev.spillway.app.hub.RotationWatch;
import dev.spillway.app.hub.Signals;
import dev.spillway.app.hub.StopSignals;
import dev.spillway.app.jvm.CompilerThreads;
import dev.spillway.app.jvm.EventLoopThreads;
import dev.spillway.app.jvm.TenuredHeap;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.gateway.RequestLog;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Runs the hub until the process is told to stop.
 *
 * <p>Without picocli, so that {@link #atOnce} need not wait for it.
 */
public final class Serving {
  private static final int REQUESTS_QUEUED_FOR_LOG = 10_000;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Path config;
  private final PrintWriter out;

  /**
   * With the configuration in this file.
   *
   * @param out is told what a person at a terminal wants to know
   */
  Serving(Path config, PrintWriter out) {
    this.config = config;
    this.out = out;
  }

  /** Whether these arguments ask for the hub, and for nothing that needs picocli to understand. */
  public static boolean isPlainlyAskedFor(String... arguments) {
    return arguments.length == 3
        && arguments[0].equals("serve")
        && (arguments[1].equals("--config") || arguments[1].equals("-c"))
        && !arguments[2].isEmpty()
        && !arguments[2].startsWith("-")
        && !arguments[2].startsWith("@");
  }

  /**
   * Serves as it is {@link #isPlainlyAskedFor plainly asked}.
   *
   * <p>Why: all that picocli has for us is read and verified anew at every start, a fifth of the
   * time that a hub takes to be ready, because the JVM's cache takes no bytecode as old as that.
   *
   * @return the exit code, as that of the command
   */
  public static int atOnce(String... arguments) {
    PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
    try {
      new Serving(
              Path.of(arguments[2]), new PrintWriter(System.out, true, Charset.defaultCharset()))
          .untilStopped();
      return 0;
    } catch (CommandFailure e) {
      err.println(e.getMessage());
    } catch (InterruptedException | RuntimeException e) {
      e.printStackTrace(err);
    }
    return 1;
  }

  void untilStopped() throws CommandFailure, InterruptedException {
    LogFormat.install();
    // Before the first client can come: a signal that nobody handles ends the JVM, and all answers.
    StopSignals stop = StopSignals.heeded();
    Signals.on("HUP", () -> {}); // the file is being read
    try (RequestLog log =
            new RequestLog(new FileOutputStream(FileDescriptor.out), REQUESTS_QUEUED_FOR_LOG);
        Hub hub = start(log);
        ConfigWatch watch = new ConfigWatch(hub, config, LOOK_EVERY);
        RotationWatch _ = new RotationWatch(hub, LOOK_EVERY)) {
      Signals.on("HUP", watch::reloadNow);
      greet(hub);
      EventLoopThreads.areLetInFirst();
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
  }

  private Hub start(RequestLog log) throws CommandFailure, InterruptedException {
    try {
      return Hub.start(config, Files.readAllBytes(config), log);
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
                config,
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
    out.println(text);
    out.flush();
  }

  private static long seconds(Hub hub) {
    return hub.inForce().assembly().config().limits().drainWithin().toSeconds();
  }
}
