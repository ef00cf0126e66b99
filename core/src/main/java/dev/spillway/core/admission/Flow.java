package dev.spillway.core.admission;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Those who take turns together. They stand in one strand for each line that some of them wait in,
 * so that one who finds no room holds up those only who wait for the same.
 */
final class Flow<T> {
  private final Map<Line, Strand<T>> strands = new LinkedHashMap<>();

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

  Strand.Place<T> add(Ticket<T> ticket, Line line, long number) {
    Strand<T> strand = strands.computeIfAbsent(line, Strand::new);
    Strand.Place<T> place = new Strand.Place<>(ticket, this, strand, number);
    strand.add(place);
    size++;
    bytes += ticket.bytes();
    return place;
  }

  void remove(Strand.Place<T> place) {
    place.strand().remove(place);
    if (place.strand().isEmpty()) {
      strands.remove(place.strand().line);
    }
    size--;
    bytes -= place.ticket().bytes();
  }

  /** Of those first in their strands, who came first; null if none is to be asked in this look. */
  Strand.@Nullable Place<T> first(long look) {
    Strand.Place<T> first = null;
    for (Strand<T> strand : strands.values()) {
      Strand.Place<T> each = strand.first(look);
      if (each != null && (first == null || each.number() < first.number())) {
        first = each;
      }
    }
    return first;
  }
}
