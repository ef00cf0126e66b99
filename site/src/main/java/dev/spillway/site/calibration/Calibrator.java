package dev.spillway.site.calibration;

import dev.spillway.site.engine.EngineAddress;
import dev.spillway.site.engine.Replica;
import dev.spillway.site.engine.ServedDeployment;
import dev.spillway.wire.link.SiteMessage.Pace;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how fast one engine is, with small requests, while it has nothing else to do; again
 * when it has another model.
 *
 * <p>It keeps nobody waiting: the moment a request of the hub's is sent to the engine, what this
 * has there is broken off, and all of it begins anew later. Of an engine that others keep busy
 * nothing is asked. A virtual thread of its own.
 */
public final class Calibrator implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Calibrator.class.getName());
  private static final Duration LONGEST_RETRY = Duration.ofHours(1);
  private static final Duration PROBE_LOOK = Duration.ofMillis(50);

  private final TrialClient client;
  private final EngineAddress engine;
  private final List<Subject> subjects;
  private final Waits waits;
  private final Thread thread;
  private TrialOperation operation = TrialOperation.CHAT;
  private @Nullable String measuredModel;
  private String lastProblem = "";

  /** The engine as one of those of a deployment; there are several if several share it. */
  public record Subject(ServedDeployment deployment, Replica replica) {}

  /**
   * How long it waits.
   *
   * @param look before it looks again whether the engine is idle
   * @param calm after it was disturbed
   * @param model before it looks again which model the engine has
   * @param retry after it failed; twice as long after each further time, up to an hour
   * @param trial for one answer
   * @param all for all of them; what is under way ends
   */
  public record Waits(
      Duration look, Duration calm, Duration model, Duration retry, Duration trial, Duration all) {
    /** Those of an agent. */
    public static final Waits USUAL =
        new Waits(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30));
  }

  private Calibrator(HttpClient http, EngineAddress engine, List<Subject> subjects, Waits waits) {
    this.client = new TrialClient(http, engine);
    this.engine = engine;
    this.subjects = List.copyOf(subjects);
    this.waits = waits;
    this.thread = Thread.ofVirtual().name("calibrate-" + engine.port()).unstarted(this::run);
  }

  /**
   * Starts to look after one engine.
   *
   * @param http closed by whoever made it
   */
  public static Calibrator start(
      HttpClient http, EngineAddress engine, List<Subject> subjects, Waits waits) {
    Calibrator calibrator = new Calibrator(http, engine, subjects, waits);
    calibrator.thread.start();
    return calibrator;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    Duration wait = waits.look();
    Duration retry = waits.retry();
    try {
      while (true) {
        Thread.sleep(wait);
        try {
          wait = look();
          retry = waits.retry();
        } catch (IOException e) {
          say(e);
          wait = retry;
          retry =
              retry.multipliedBy(2).compareTo(LONGEST_RETRY) < 0
                  ? retry.multipliedBy(2)
                  : LONGEST_RETRY;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to stop; nothing is half done
    }
  }

  /** How long until it is to look again. */
  private Duration look() throws IOException, InterruptedException {
    if (measuredModel == null && !isIdle()) {
      return waits.look();
    }
    String model = client.model();
    if (model.equals(measuredModel)) {
      return waits.model();
    }
    if (measuredModel != null) {
      measuredModel = null;
      subjects.forEach(each -> each.deployment().modelChanged(each.replica()));
    }
    if (!isIdle()) {
      return waits.look();
    }
    Optional<Pace> pace = undisturbed(model);
    if (pace.isEmpty()) {
      return waits.calm();
    }
    measuredModel = model;
    lastProblem = "";
    subjects.forEach(each -> each.deployment().measured(each.replica(), pace.get()));
    LOG.log(
        Level.INFO,
        "{0}: measured: reads {1} tokens/s, writes one in {2} us, {3} us beside",
        engine.authority(),
        Long.toString(pace.get().prefillTokensPerSecond()),
        Long.toString(pace.get().decodeMicros()),
        Long.toString(pace.get().baseMicros()));
    return waits.model();
  }

  /** Empty if something came between. */
  private Optional<Pace> undisturbed(String model) throws IOException, InterruptedException {
    client.begin();
    subjects.forEach(each -> each.replica().tellOfRequests(client::disturb));
    try {
      Trials trials = new Trials();
      if (!askAll(trials, model) || !othersWereAway()) {
        return Optional.empty();
      }
      return Optional.of(
          trials.pace().orElseThrow(() -> new IOException("its answers tell no pace")));
    } finally {
      subjects.forEach(each -> each.replica().tellOfRequests(null));
    }
  }

  /** Whether all were answered before something came between. */
  private boolean askAll(Trials trials, String model) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Optional<Trial> next = trials.next(0);
    while (next.isPresent()) {
      if (hasRequests()) {
        return false;
      }
      switch (client.ask(operation, model, next.get(), waits.trial())) {
        case TrialClient.Outcome.Answered(var seen) -> trials.answered(next.get(), seen);
        case TrialClient.Outcome.Refused(int status) -> refused(trials, next.get(), status);
        case TrialClient.Outcome.Disturbed _ -> {
          return false;
        }
      }
      long elapsed = System.nanoTime() - begin;
      next = elapsed > waits.all().toNanos() ? Optional.empty() : trials.next(elapsed);
    }
    return true;
  }

  private void refused(Trials trials, Trial trial, int status) throws IOException {
    if (trials.hasAnswers()) {
      trials.refused(trial); // too long for it
    } else if (operation == TrialOperation.CHAT) {
      operation = TrialOperation.COMPLETIONS;
    } else {
      operation = TrialOperation.CHAT;
      throw new IOException("it answers " + status + " to a short chat and a short text");
    }
  }

  /** By the next probe, which would still see somebody who came in between. */
  private boolean othersWereAway() throws InterruptedException {
    long end = System.nanoTime();
    while (subjects.stream().anyMatch(each -> each.replica().isProbeOlderThan(end))) {
      if (System.nanoTime() - end > waits.trial().toNanos()) {
        return false;
      }
      Thread.sleep(PROBE_LOOK);
    }
    return isIdle();
  }

  private boolean isIdle() {
    long now = System.nanoTime();
    return subjects.stream().allMatch(each -> each.replica().isIdle(now));
  }

  private boolean hasRequests() {
    return subjects.stream().anyMatch(each -> each.replica().inFlight() > 0);
  }

  private void say(IOException problem) {
    String message = problem.getMessage();
    String words = message == null ? "no connection to it" : message;
    if (!words.equals(lastProblem)) {
      lastProblem = words;
      LOG.log(Level.INFO, "{0}: not measured: {1}", engine.authority(), words);
    }
  }
}
