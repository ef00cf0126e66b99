package dev.spillway.core.health;

import dev.spillway.core.provider.EngineReport;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a self-hosted deployment takes, by what its engines report, with hysteresis.
 *
 * <p>Saturation is the worse of KV use and queue over limit. Several bad reports in a row close the
 * deployment by one state, several good ones open it by one, and no state lasts less than {@link
 * AdmissionStateTuning#atLeast}; reports between good and bad change nothing.
 *
 * <p>Our own requests stay below these limits by {@code EngineSeats}, but for those that may go
 * nowhere else; what closes a deployment is others' traffic or an engine in trouble. So a queue of
 * our own is none: it is gone long before a closed deployment would open again. Shared by all event
 * loops: one immutable state, stepped by compare-and-set.
 */
public final class AdmissionStates {
  private final AdmissionStateTuning tuning;
  private final AtomicReference<Held> held = new AtomicReference<>(Held.OPEN);

  /** Open. */
  public AdmissionStates(AdmissionStateTuning tuning) {
    this.tuning = tuning;
  }

  /** What it takes now. */
  public AdmissionState now() {
    return held.get().state;
  }

  /** The saturation of the last report, 0 if there was none. */
  public double saturation() {
    return held.get().saturation;
  }

  /**
   * The engines said how they are.
   *
   * @param foreign sequences among theirs that are not ours, 0 or more
   */
  public void report(EngineReport report, int foreign, long nowNanos) {
    int waiting = Math.min(report.waiting(), foreign);
    double queue = (double) waiting / ((long) report.replicas() * tuning.queuePerReplica());
    double saturation = Math.max(report.kvUse(), queue);
    held.updateAndGet(before -> next(before, saturation, nowNanos));
  }

  /** The engines have said nothing for so long that what they said last means nothing. */
  public void forgetReport() {
    held.set(Held.OPEN);
  }

  private Held next(Held before, double saturation, long nowNanos) {
    int bad = saturation >= tuning.enter() ? before.bad + 1 : 0;
    int good = saturation <= tuning.exit() ? before.good + 1 : 0;
    boolean mayChange =
        !before.changed || nowNanos - before.sinceNanos >= tuning.atLeast().toNanos();
    if (mayChange && bad >= tuning.badReports() && before.state != AdmissionState.NONE) {
      return new Held(closer(before.state), nowNanos, true, 0, 0, saturation);
    }
    if (mayChange
        && good >= tuning.goodReports()
        && before.state != AdmissionState.NEW_AND_EXISTING) {
      return new Held(opener(before.state), nowNanos, true, 0, 0, saturation);
    }
    return new Held(before.state, before.sinceNanos, before.changed, bad, good, saturation);
  }

  private static AdmissionState closer(AdmissionState state) {
    return switch (state) {
      case NEW_AND_EXISTING -> AdmissionState.EXISTING_ONLY;
      case EXISTING_ONLY, NONE -> AdmissionState.NONE;
    };
  }

  private static AdmissionState opener(AdmissionState state) {
    return switch (state) {
      case NONE -> AdmissionState.EXISTING_ONLY;
      case EXISTING_ONLY, NEW_AND_EXISTING -> AdmissionState.NEW_AND_EXISTING;
    };
  }

  /**
   * A state and how it came about.
   *
   * @param changed whether it was ever another
   */
  private record Held(
      AdmissionState state,
      long sinceNanos,
      boolean changed,
      int bad,
      int good,
      double saturation) {
    static final Held OPEN = new Held(AdmissionState.NEW_AND_EXISTING, 0, false, 0, 0, 0);
  }
}
