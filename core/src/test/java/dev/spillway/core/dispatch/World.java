package dev.spillway.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.Usage;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.retry.AttemptFailure;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A small world in virtual time around a dispatcher: fluid engines, buckets, outages. It checks the
 * dispatcher's books after every event.
 */
final class World {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final IdentityHashMap<Journey, Run> waiting = new IdentityHashMap<>();
  private final List<FakeEngines> engines;
  private final LiveDispatcher dispatcher;
  private final int[] underWay;
  final List<Run> over = new ArrayList<>();
  long now;
  private long sequence;
  private int unfinished;

  World(Topology topology, LiveDispatcher dispatcher, FakeEngines... engines) {
    this.dispatcher = dispatcher;
    this.engines = List.of(engines);
    this.underWay = new int[topology.deployments().size()];
  }

  private record Event(long at, long sequence, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  void at(long time, Runnable what) {
    events.add(new Event(Math.max(now, time), sequence++, what));
  }

  /** A request arrives that will make this many tokens. */
  void arrives(Journey journey, int outputTokens) {
    unfinished++;
    at(journey.arrivedNanos(), () -> new Run(journey, outputTokens).arrive());
  }

  void run() {
    at(0, this::report);
    while (!events.isEmpty()) {
      Event event = events.remove();
      now = event.at;
      event.what.run();
      checkBooks();
    }
    assertThat(unfinished).as("requests without an end").isZero();
    assertThat(dispatcher.waiting()).isZero();
  }

  private void checkBooks() {
    for (int i = 0; i < underWay.length; i++) {
      DeploymentStatus status = dispatcher.status(i, now);
      if (status.inFlight() != underWay[i] || status.queuedInputTokens() < 0) {
        throw new AssertionError("at " + now + ": " + underWay[i] + " under way, but " + status);
      }
    }
  }

  private void report() {
    for (int i = 0; i < engines.size(); i++) {
      EngineReport report = engines.get(i).report(underWay[i]);
      if (report != null) {
        dispatcher.report(i, report, now);
      }
    }
    release();
    if (unfinished > 0) {
      at(now + Scene.SECOND, this::report);
    }
  }

  private void release() {
    if (dispatcher.waiting() > 0) {
      long again =
          dispatcher.release(
              now,
              (journey, step) -> {
                Run run = waiting.remove(journey);
                if (run == null) {
                  throw new AssertionError("was not waiting: " + journey.ask());
                }
                run.carryOut(step);
              });
      if (again != Long.MAX_VALUE) {
        at(again, this::release);
      }
    }
  }

  /** One request on its way through the world. */
  final class Run {
    final Journey journey;
    private final int outputTokens;
    private int attempt;
    private int number;
    int deployment = -1;
    long firstToken;
    long end;
    int refusals;
    String ending = "";

    Run(Journey journey, int outputTokens) {
      this.journey = journey;
      this.outputTokens = outputTokens;
    }

    boolean isWhole() {
      return ending.equals("WHOLE");
    }

    double ttftMillis() {
      return (double) (firstToken - journey.arrivedNanos()) / Scene.MILLI;
    }

    boolean meets() {
      double tpot = (double) (end - firstToken) / Scene.MILLI / Math.max(1, outputTokens - 1);
      return isWhole()
          && ttftMillis() <= journey.objective().ttft().toMillis()
          && tpot <= journey.objective().tpot().toMillis();
    }

    private void arrive() {
      switch (dispatcher.admit(journey, now)) {
        case Admission.Admitted _ -> carryOut(dispatcher.next(journey, now));
        case Admission.Rejected(var reason, _) -> end(reason.name());
        case Admission.Queued _ -> throw new AssertionError("queued at the door");
      }
    }

    private void carryOut(NextStep step) {
      switch (step) {
        case NextStep.Attempt made -> attempt(made);
        case NextStep.Wait wait when wait.where() == NextStep.Where.BACKOFF ->
            at(wait.untilNanos(), () -> carryOut(dispatcher.next(journey, now)));
        case NextStep.Wait wait -> {
          switch (dispatcher.enqueue(journey, wait, now)) {
            case Admission.Rejected(var reason, _) -> end(reason.name());
            case Admission.Queued _, Admission.Admitted _ -> {
              waiting.put(journey, this);
              at(Math.max(now + 1, wait.untilNanos()), World.this::release);
              at(now, World.this::release);
            }
          }
        }
        case NextStep.Forbidden _ -> end("FORBIDDEN");
        case NextStep.NoCapacity _ -> end("NO_CAPACITY");
        case NextStep.OverLimit(var over, _) -> end(over.reason().name());
        case NextStep.GiveUp(var failure, _, _) -> end(failure.kind().name());
      }
    }

    private void attempt(NextStep.Attempt made) {
      int token = ++attempt;
      number = made.number();
      deployment = made.deployment();
      underWay[deployment]++;
      long input = journey.shape().inputTokens();
      FakeEngines.Answer answer =
          engines.get(deployment).submit(input, outputTokens, underWay[deployment], now);
      switch (answer) {
        case FakeEngines.Answer.Refused(long when, AttemptFailure failure) ->
            at(when, () -> failed(token, failure));
        case FakeEngines.Answer.Tokens(long first, long last) -> {
          at(first, () -> first(token));
          at(last, () -> finished(token));
        }
      }
    }

    private boolean isOver(int token) {
      return token != attempt || !ending.isEmpty();
    }

    private void first(int token) {
      if (isOver(token)) {
        return;
      }
      if (engines.get(deployment).isDown(now)) {
        failed(token, Scene.failure(AttemptFailure.Kind.UNREACHABLE, null));
      } else {
        firstToken = now;
        dispatcher.firstContent(journey, number, now);
      }
    }

    private void finished(int token) {
      if (!isOver(token) && firstToken > 0) {
        underWay[deployment]--;
        engines.get(deployment).complete(journey.shape().inputTokens(), outputTokens, now);
        Usage usage = Scene.usage(journey.shape().inputTokens(), outputTokens);
        dispatcher.finished(journey, number, usage, Pauses.NONE, now);
        end("WHOLE");
      }
    }

    private void failed(int token, AttemptFailure failure) {
      if (!isOver(token)) {
        underWay[deployment]--;
        attempt++;
        refusals += failure.kind() == AttemptFailure.Kind.RATE_LIMITED ? 1 : 0;
        Usage nothing = Scene.usage(0, 0);
        dispatcher.failed(journey, number, failure, nothing, now);
        carryOut(dispatcher.next(journey, now));
        at(now, World.this::release);
      }
    }

    private void end(String how) {
      ending = how;
      end = now;
      unfinished--;
      dispatcher.left(journey, now);
      over.add(this);
      at(now, World.this::release);
    }
  }
}
