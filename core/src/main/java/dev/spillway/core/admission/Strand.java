package dev.spillway.core.admission;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Those of one flow who stand in one line, in the order in which they came. */
final class Strand<T> {
  final Line line;
  private final Deque<Place<T>> places = new ArrayDeque<>();
  private long passedInLook = -1;

  Strand(Line line) {
    this.line = line;
  }

  /**
   * Where one waits.
   *
   * @param number which one of the room it is: the lower came first
   */
  record Place<T>(Ticket<T> ticket, Flow<T> flow, Strand<T> strand, long number) {}

  void add(Place<T> place) {
    places.addLast(place);
  }

  void remove(Place<T> place) {
    if (!places.removeFirstOccurrence(place)) {
      throw new IllegalStateException("waits in no strand: " + place.ticket().flow());
    }
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  /** Its first waits on in this look for reasons of its own, and so do those behind it. */
  void letsOthersPass(long look) {
    passedInLook = look;
  }

  /** Who is to be asked next in this look; null if nobody of this strand is. */
  @Nullable Place<T> first(long look) {
    return line.blocked || passedInLook == look ? null : places.peekFirst();
  }
}
