package dev.spillway.app.demo;

import dev.spillway.app.hub.Hub;
import dev.spillway.app.replay.Replay;
import dev.spillway.app.replay.ReplayTarget;
import dev.spillway.app.terminal.Terminal;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.core.model.SiteId;
import dev.spillway.simulator.report.LoadReport;
import dev.spillway.simulator.report.Outcome;
import dev.spillway.simulator.report.Outcome.Kind;
import dev.spillway.simulator.report.ReportObjective;
import dev.spillway.simulator.trace.TraceRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Plays the story: a hub, a home that is really limited, a partner's site, and a recorded load.
 *
 * <p>Everything is real but the engines: sockets, the hub, its configuration, the outage. Blocks;
 * {@link #close} ends what it started.
 */
public final class Demo implements AutoCloseable {
  private static final ReportObjective OBJECTIVE =
      new ReportObjective(Duration.ofSeconds(1), Duration.ofMillis(60));
  private static final double PERCENT = 100;
  private static final int OK = 200;
  private static final int FORBIDDEN = 403;
  private static final int NOT_THERE = 404;
  private static final double MILLIS_PER_SECOND = 1_000;

  private final PrintWriter out;
  private final DemoEngines engines;
  private final DemoPartner partner;
  private final PartnerAgent agent;
  private final String config;
  private final Tally tally = new Tally(new SiteId("azure-eastus2"));
  private final Hub hub;
  private final Asker asker;
  private boolean contractHeld = true;

  /**
   * Starts the engines, the hub and the partner's agent, which has linked when this returns.
   *
   * @throws IOException if a port cannot be had, or the agent could not join
   * @throws InterruptedException if the calling thread was interrupted
   */
  public Demo(PrintWriter out, DemoSites sites) throws IOException, InterruptedException {
    this.out = out;
    this.partner = new DemoPartner();
    this.engines = new DemoEngines();
    Hub begun = null;
    try {
      config = sites.hub(engines, partner.linkStore());
      begun = hub(config);
      long since = System.nanoTime();
      agent = partner.join(begun, file(), sites.agent(engines, begun.linkPort()));
      hub = begun;
      tellOfLink(Duration.ofNanos(System.nanoTime() - since));
    } catch (IOException | InterruptedException | RuntimeException e) {
      close(begun);
      throw e;
    }
    this.asker = new Asker(hub.dataPort());
  }

  /** Plays scenes with load; what each request of it gave. */
  public LoadReport play(List<Scene> scenes)
      throws IOException, InterruptedException, ExecutionException {
    List<TraceRequest> load = DemoLoad.of(scenes);
    LiveLine line = new LiveLine(out, hub, tally, Terminal.ofThisProgram());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Replay replay = new Replay(target(), new Replay.Quiet());
      Future<List<Outcome>> outcomes = threads.submit(() -> replay.run(load));
      for (Scene scene : scenes) {
        line.say("");
        line.say("%-8s%s".formatted(scene.title(), scene.what()));
        if (scene.home() == Scene.Home.DIES) {
          line.say("        with " + openAtHome() + " answers on their way from it");
        }
        act(scene);
        Thread.sleep(scene.length());
      }
      List<Outcome> all = outcomes.get();
      line.stop();
      return new LoadReport(all, OBJECTIVE, length(scenes));
    }
  }

  /** A few short requests, for engines that are not simulated. */
  public LoadReport playGently() throws IOException, InterruptedException {
    List<TraceRequest> load = DemoLoad.gentle(10, 32);
    out.println();
    out.println("A request a second, ten in all, 32 tokens each ...");
    out.flush();
    List<Outcome> all = new Replay(target(), new Replay.Quiet()).run(load);
    return new LoadReport(all, OBJECTIVE, Duration.ofSeconds(load.size()));
  }

  /** A class of work that the contract keeps at home is refused at the partner. */
  public void pretraining() throws IOException, InterruptedException {
    out.println();
    out.println("pretraining  a pre-training job asks for a model that only the partner serves:");
    Asker.Reply reply = asker.ask("sk-demo-labs", "gpt-4o-mini");
    out.println("  " + reply.status() + " " + reply.body());
    mustBe(FORBIDDEN, reply);
    out.println("  why: ./spillway explain " + reply.decisionId() + " --admin " + adminUrl());
    out.flush();
  }

  /** Rivals never share a deployment. */
  public void rivals() throws IOException, InterruptedException {
    out.println();
    out.println("rival    without the clause that keeps rivals apart, the hub does not start:");
    byte[] shared = DemoConfig.withoutIsolation(config).getBytes(StandardCharsets.UTF_8);
    try (Hub never = Hub.start(file(), shared, tally)) {
      out.println("  it started on port " + never.dataPort() + ": that is a bug");
      contractHeld = false;
    } catch (InvalidFileException e) {
      e.getMessage().lines().limit(1).forEach(problem -> out.println("  " + problem));
    }
    out.println("  with it, each gets its own and nothing of the other's:");
    tell("xai asks for grok-2", OK, asker.ask("sk-demo-xai", "grok-2"));
    tell("xai asks for gpt-4o", NOT_THERE, asker.ask("sk-demo-xai", "gpt-4o"));
    tell("chatgpt asks for grok-2", NOT_THERE, asker.ask("sk-demo-chatgpt", "grok-2"));
    out.flush();
  }

  /** What happened, for people. */
  public void tell(LoadReport report) {
    out.println();
    out.print(report.table());
    out.printf("%-22s%.1f %%%n", "spilled", PERCENT * report.share(DemoPartner.SITE.value()));
    out.printf("%-22s%d%n", "continued elsewhere", tally.continued());
    out.printf("%-22s%d%n", "429s from home", tally.refusedByHome());
    out.printf("%-22s%s%n", "clauses cited", asker.clauses());
    out.flush();
  }

  /** Answers that broke off where they began and became whole elsewhere. */
  public long continued() {
    return tally.continued();
  }

  /**
   * Whether every caller got a whole answer, and whoever asked for something that the contract
   * speaks of got what it says.
   */
  public boolean keptItsPromise(LoadReport report) {
    return contractHeld
        && report.count(Kind.FAILED) == 0
        && report.count(Kind.REFUSED) == 0
        && report.count(Kind.CUT) == 0
        && report.count(Kind.CUT_SILENTLY) == 0;
  }

  /** How to go on by hand. */
  public void invite() {
    out.println();
    out.println("The hub stays up until Ctrl-C. Try it, with any OpenAI client:");
    out.println("  base URL  " + baseUrl());
    out.println("  key       sk-demo-chatgpt");
    out.println("  admin     " + adminUrl());
    out.println("  partner   " + agent.page() + "   (what its agent shows the partner)");
    out.println(
        "  curl -N "
            + baseUrl()
            + "/chat/completions -H 'Authorization: Bearer sk-demo-chatgpt' "
            + "-H 'Content-Type: application/json' -d '{\"model\":\"gpt-4o\",\"stream\":true,"
            + "\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'");
    out.flush();
  }

  @Override
  public void close() {
    asker.close();
    close(hub);
  }

  /** The hub first: what it keeps is in the partner's folder. */
  private void close(@Nullable Hub started) {
    if (started != null) {
      started.close();
    }
    partner.close();
    engines.close();
  }

  private Hub hub(String text) throws IOException, InterruptedException {
    try {
      return Hub.start(file(), text.getBytes(StandardCharsets.UTF_8), tally);
    } catch (InvalidFileException e) {
      throw new IllegalStateException("the demo's own configuration was refused", e);
    }
  }

  private void tellOfLink(Duration took) {
    out.printf(
        Locale.ROOT,
        "%s is linked: its agent, a process of its own (%d), joined with%n",
        DemoPartner.SITE,
        agent.pid());
    out.printf(
        Locale.ROOT,
        "a token of the hub and dialled it; that took %.1f s.%n",
        took.toMillis() / MILLIS_PER_SECOND);
    out.flush();
  }

  private int openAtHome() {
    return hub.deployments().stream()
        .filter(view -> view.deployment().isHome())
        .mapToInt(view -> view.status().inFlight())
        .sum();
  }

  private void act(Scene scene) throws IOException {
    switch (scene.home()) {
      case STAYS -> {}
      case DIES -> engines.killHome();
      case COMES_BACK -> engines.restartHome();
    }
  }

  private void tell(String what, int expected, Asker.Reply reply) {
    String where = reply.site().isEmpty() ? reply.body() : "served at " + reply.site();
    out.printf("  %-26s%d  %s%n", what, reply.status(), where);
    mustBe(expected, reply);
  }

  private void mustBe(int status, Asker.Reply reply) {
    if (reply.status() != status) {
      out.println("  expected: " + status + ", so this is a bug");
      contractHeld = false;
    }
  }

  private ReplayTarget target() {
    return new ReplayTarget(URI.create(baseUrl()), "sk-demo-chatgpt", "gpt-4o");
  }

  private String baseUrl() {
    return "http://127.0.0.1:" + hub.dataPort() + "/v1";
  }

  private String adminUrl() {
    return "http://127.0.0.1:" + hub.adminPort();
  }

  private static Path file() {
    return Path.of("spillway-demo.yaml");
  }

  private static Duration length(List<Scene> scenes) {
    return scenes.stream().map(Scene::length).reduce(Duration.ZERO, Duration::plus);
  }
}
