package dev.spillway.core.admission;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Those who take turns together. They stand in one lane for each line that some of them wait in, so
 * that one who finds no room holds up those only who wait for the same.
 */
final class Flow<T> {
  private final Map<Line, Lane<T>> lanes = new LinkedHashMap<>();

  /** Tokens that it may send in its turn. */
  long deficit;

  /** Whether its turn has begun and is not over. */
  boolean inItsTurn;

  private int size;
  private long bytes;

  int size() {
    return size;
  }

  long bytes() {
    return bytes;
  }

  Lane.Place<T> add(Ticket<T> ticket, Line line, long number) {
    Lane<T> lane = lanes.computeIfAbsent(line, Lane::new);
    Lane.Place<T> place = new Lane.Place<>(ticket, this, lane, number);
    lane.add(place);
    size++;
    bytes += ticket.bytes();
    return place;
  }

  void remove(Lane.Place<T> place) {
    place.lane().remove(place);
    if (place.lane().isEmpty()) {
      lanes.remove(place.lane().line);
    }
    size--;
    bytes -= place.ticket().bytes();
  }

  /** Of those first in their lanes, who came first; null if none is to be asked in this look. */
  Lane.@Nullable Place<T> first(long look) {
    Lane.Place<T> first = null;
    for (Lane<T> lane : lanes.values()) {
      Lane.Place<T> each = lane.first(look);
      if (each != null && (first == null || each.number() < first.number())) {
        first = each;
      }
    }
    return first;
  }
}
