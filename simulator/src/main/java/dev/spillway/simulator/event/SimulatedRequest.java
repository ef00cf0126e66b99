package dev.spillway.simulator.event;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.NextStep;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Usage;
import dev.spillway.core.retry.AttemptFailure;
import org.jspecify.annotations.Nullable;

/**
 * One request in virtual time: carries out what the dispatcher says, as the gateway's exchange does
 * on sockets, and decides nothing itself.
 */
final class SimulatedRequest implements SimulatedDeployment.Listener {
  private static final Usage NOTHING = new Usage(0, 0, 0, Usage.Source.ESTIMATED);

  private final Simulation simulation;
  private final Dispatcher dispatcher;
  private final Journey journey;
  private final int outputTokens;
  private final VirtualTime.Event deadline;

  private SimulatedDeployment.@Nullable Attempt attempt;
  private VirtualTime.@Nullable Event limit;
  private int number;
  private int deployment = -1;
  private long firstTokenNanos;
  private boolean hasContent;
  private boolean waiting;
  private boolean over;

  SimulatedRequest(Simulation simulation, Journey journey, int outputTokens) {
    this.simulation = simulation;
    this.dispatcher = simulation.dispatcher();
    this.journey = journey;
    this.outputTokens = outputTokens;
    this.deadline = simulation.time().at(journey.deadlineNanos(), this::deadlinePassed);
  }

  void arrive() {
    switch (dispatcher.admit(journey, now())) {
      case Admission.Admitted _ -> carryOut(dispatcher.next(journey, now()));
      case Admission.Rejected(var reason, _) -> end(new Ending.Refused(reason.name()));
      case Admission.Queued _ -> throw new IllegalStateException("queued at the door");
    }
  }

  void carryOut(NextStep step) {
    waiting = false;
    switch (step) {
      case NextStep.Attempt made -> attempt(made);
      case NextStep.Wait wait -> await(wait);
      case NextStep.Forbidden _ -> end(new Ending.Refused("FORBIDDEN"));
      case NextStep.NoCapacity _ -> end(new Ending.Refused("NO_CAPACITY"));
      case NextStep.OverLimit(var over, _) -> end(new Ending.Refused(over.reason().name()));
      case NextStep.GiveUp(var failure, _, _) -> end(new Ending.Failed(failure.kind().name()));
    }
  }

  @Override
  public void firstToken() {
    hasContent = true;
    firstTokenNanos = now();
    stopLimit();
    dispatcher.firstContent(journey, number, now());
  }

  @Override
  public void finished() {
    attempt = null;
    long perToken = outputTokens < 2 ? 0 : (now() - firstTokenNanos) / (outputTokens - 1);
    dispatcher.finished(journey, number, usage(outputTokens), new Pauses(perToken, 0), now());
    end(new Ending.Whole(deployment, firstTokenNanos - journey.arrivedNanos(), perToken));
  }

  @Override
  public void failed(AttemptFailure failure) {
    stopLimit();
    attempt = null;
    simulation.attemptFailed(deployment, failure);
    // As in the gateway: one that is given up may be read, and charged for, all the same.
    boolean wasRead = hasContent || failure.kind() == AttemptFailure.Kind.TIMED_OUT;
    dispatcher.failed(journey, number, failure, wasRead ? usage(0) : NOTHING, now());
    if (hasContent) {
      end(new Ending.Cut(deployment, failure.kind().name()));
    } else {
      carryOut(dispatcher.next(journey, now()));
      simulation.roomMayBeFree();
    }
  }

  private void attempt(NextStep.Attempt made) {
    int to = made.deployment();
    number = made.number();
    deployment = to;
    limit = simulation.time().in(made.limits().firstContentNanos(), () -> tooLate(to));
    attempt = simulation.deployment(to).submit(journey.shape().inputTokens(), outputTokens, this);
  }

  private void await(NextStep.Wait wait) {
    switch (wait.where()) {
      case BACKOFF ->
          simulation
              .time()
              .at(
                  wait.untilNanos(),
                  () -> {
                    if (!over) {
                      carryOut(dispatcher.next(journey, now()));
                    }
                  });
      case WAITING_ROOM -> {
        switch (dispatcher.enqueue(journey, wait, now())) {
          case Admission.Queued _, Admission.Admitted _ -> {
            waiting = true;
            simulation.waits(this);
          }
          case Admission.Rejected(var reason, _) -> end(new Ending.Refused(reason.name()));
        }
      }
    }
  }

  private void tooLate(int to) {
    cancelAttempt();
    failed(
        new AttemptFailure(
            AttemptFailure.Kind.TIMED_OUT,
            "no content from deployment " + to + " within its limit",
            null));
  }

  private void deadlinePassed() {
    if (waiting) {
      dispatcher.leaveWaitingRoom(journey, now());
    } else if (attempt != null) {
      cancelAttempt();
      dispatcher.abandoned(journey, number, usage(0), now());
    }
    end(hasContent ? new Ending.Cut(deployment, "DEADLINE") : new Ending.Failed("DEADLINE"));
  }

  private void cancelAttempt() {
    if (attempt != null) {
      attempt.cancel();
      attempt = null;
    }
  }

  private void stopLimit() {
    if (limit != null) {
      limit.cancel();
      limit = null;
    }
  }

  /** The one way out. */
  private void end(Ending ending) {
    if (over) {
      return;
    }
    over = true;
    stopLimit();
    deadline.cancel();
    dispatcher.left(journey, now());
    simulation.ended(this, ending);
  }

  Journey journey() {
    return journey;
  }

  private Usage usage(int output) {
    return new Usage(journey.shape().inputTokens(), 0, output, Usage.Source.PROVIDER);
  }

  private long now() {
    return simulation.time().nowNanos();
  }
}
