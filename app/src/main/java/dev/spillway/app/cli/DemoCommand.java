package dev.spillway.app.cli;

import dev.spillway.app.demo.Demo;
import dev.spillway.app.demo.DemoSites;
import dev.spillway.app.demo.Scenario;
import dev.spillway.simulator.report.LoadReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway demo}: the story on this machine. */
@Command(
    name = "demo",
    description = "Plays the story on this machine: hub, home and partner, nothing to configure.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "With --exit it ends after its table: 1 if a request that had not started streaming failed,",
      "an answer was cut, or the contract let through, or refused, what it should not.",
      "",
      "Examples:",
      "  spillway demo",
      "  spillway demo --scenario outage --exit",
      "  spillway demo --home http://127.0.0.1:8000/v1   (a real engine in home's place)"
    })
final class DemoCommand implements Callable<Integer> {
  private static final int USUAL_DATA_PORT = 8080;
  private static final int USUAL_ADMIN_PORT = 9090;

  @Spec private CommandSpec spec;

  @Option(
      names = "--scenario",
      defaultValue = "all",
      description = "One part of it: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Scenario scenario;

  @Option(names = "--exit", description = "End after the table.")
  private boolean exit;

  @Option(
      names = "--home",
      paramLabel = "URL",
      description = "A real OpenAI-compatible engine in home's place.")
  private @Nullable URI home;

  @Option(
      names = "--partner",
      paramLabel = "URL",
      description = "A real OpenAI-compatible engine in the partner's place.")
  private @Nullable URI partner;

  @Override
  public Integer call() throws CommandFailure, InterruptedException, ExecutionException {
    LogFormat.installQuiet();
    check("--home", home);
    check("--partner", partner);
    PrintWriter out = spec.commandLine().getOut();
    DemoSites sites =
        new DemoSites(home, partner, freePort(USUAL_DATA_PORT), freePort(USUAL_ADMIN_PORT));
    out.println("Spillway: home azure-eastus2 is provisioned and limited; a partner's site,");
    out.println("oci-chicago, extends the platform. The engines are simulated, the rest is real.");
    out.flush();
    try (Demo demo = new Demo(out, sites)) {
      LoadReport report = scenario.play(demo, sites);
      demo.tell(report);
      if (exit) {
        return demo.keptItsPromise(report) ? 0 : 1;
      }
      demo.invite();
      untilStopped();
      return 0;
    } catch (ConnectException e) {
      throw new CommandFailure("demo: nobody answers at the --home or --partner that was given", e);
    } catch (IOException e) {
      throw new CommandFailure("demo: " + e.getMessage(), e);
    }
  }

  private static void check(String option, @Nullable URI engine) throws CommandFailure {
    boolean http = engine == null || String.valueOf(engine.getScheme()).matches("https?");
    if (!http || (engine != null && engine.getHost() == null)) {
      throw new CommandFailure(
          option + ": " + engine + " (expected: such as http://127.0.0.1:8000/v1)");
    }
  }

  private static void untilStopped() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown));
    stopped.await();
  }

  /** The usual port if nobody has it, else any. */
  private static int freePort(int usual) {
    try (ServerSocket probe = new ServerSocket(usual)) {
      return probe.getLocalPort();
    } catch (IOException e) {
      return 0;
    }
  }
}
