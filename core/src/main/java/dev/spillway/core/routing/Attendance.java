package dev.spillway.core.routing;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether anybody is at a deployment, as it is told from outside; tells one who is back from one
 * who comes for the first time, as every site does when a hub has just started.
 *
 * <p>Shared by all event loops.
 */
final class Attendance {
  private final AtomicReference<State> state = new AtomicReference<>(State.UNSAID);

  private enum State {
    /** Nobody said so far: an attempt will show. */
    UNSAID,
    /** Nobody has been there yet. */
    AWAITED,
    THERE,
    GONE
  }

  Presence now() {
    return switch (state.get()) {
      case UNSAID, THERE -> Presence.PRESENT;
      case AWAITED, GONE -> Presence.ABSENT;
    };
  }

  /** Whether this means that somebody is back who was there and went. */
  boolean bringsBack(Presence told) {
    State before = state.getAndUpdate(known -> next(known, told));
    return before == State.GONE && told == Presence.PRESENT;
  }

  private static State next(State known, Presence told) {
    return switch (told) {
      case PRESENT -> State.THERE;
      case ABSENT -> known == State.UNSAID || known == State.AWAITED ? State.AWAITED : State.GONE;
    };
  }
}
