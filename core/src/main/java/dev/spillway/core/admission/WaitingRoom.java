package dev.spillway.core.admission;

import static java.util.Objects.requireNonNull;

import dev.spillway.core.admission.Strand.Place;
import dev.spillway.core.model.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Where requests wait for headroom: by priority, fair between flows, first come first served among
 * those of a flow that wait for the same.
 *
 * <p>Inside a priority, flows take turns by deficit round robin (Shreedhar and Varghese, SIGCOMM
 * 1995), weighed in tokens: a turn is worth a quantum, what is left of it is kept for the next, so
 * that over time every flow sends as many tokens as any other, however long its requests are. A
 * turn that was cut short by lack of room goes on when there is room.
 *
 * <p>Nobody overtakes in a line: once one request had no room, those behind it that wait for the
 * same deployments are not asked, and it is asked before everybody of its priority from then on, so
 * that a large one does not starve behind small ones. Those who wait for others go on, also in its
 * own flow. How many are asked in one look is bounded by the lines that a flow stands in, not by
 * its length.
 *
 * <p>Who cannot make the deadline at the present rate of service is turned away at the door.
 * Bounded in requests and in bytes, of which no flow gets more than {@value #TIMES_LEFT} times what
 * is left (dynamic thresholds of Choudhury and Hahne, IEEE/ACM Transactions on Networking 6(2),
 * 1998): one that is alone fills seven eighths, so that who comes next finds a place.
 *
 * <p>Owned by one event loop; not thread-safe.
 *
 * @param <T> what a ticket stands for
 */
public final class WaitingRoom<T> {
  private static final Duration AT_LEAST = Duration.ofSeconds(1);
  private static final long TIMES_LEFT = 7;

  /** Deadlines of those who left that are kept whatever the number of those who wait. */
  private static final int MOST_LEFT_OVER = 64;

  private final RoomTuning tuning;
  private final Map<Priority, Level<T>> levels = new EnumMap<>(Priority.class);
  private final Map<Object, Line> lines = new HashMap<>();
  private final IdentityHashMap<T, Place<T>> places = new IdentityHashMap<>();
  private final PriorityQueue<Ticket<T>> byDeadline =
      new PriorityQueue<>((a, b) -> Long.signum(a.deadlineNanos() - b.deadlineNanos()));
  private long bytes;
  private long entered;
  private long looks;

  /** An empty room. */
  public WaitingRoom(RoomTuning tuning) {
    this.tuning = tuning;
    for (Priority priority : Priority.values()) {
      levels.put(priority, new Level<>());
    }
  }

  /** What one who was called did. */
  public enum Turn {
    /** Went: its place is free. */
    GOES,
    /** Found no room: it waits on, and so does everybody behind it in its line. */
    FINDS_NO_ROOM,
    /** Waits on, for reasons of its own: those behind it in other flows may go. */
    LETS_OTHERS_PASS
  }

  /** Lets a request wait, or turns it away. */
  public Admission enter(Ticket<T> ticket, long nowNanos) {
    Line line = lines.computeIfAbsent(ticket.pool(), _ -> new Line());
    long wait = line.waitNanos(ticket);
    if (isFullFor(ticket)) {
      return rejected(Admission.Reason.QUEUE_FULL, wait);
    }
    long patience = ticket.deadlineNanos() - nowNanos;
    if (wait > patience || patience <= 0) {
      return rejected(Admission.Reason.DEADLINE_TOO_NEAR, wait - Math.max(0, patience));
    }
    Flow<T> flow = level(ticket).flows.computeIfAbsent(ticket.flow(), _ -> new Flow<>());
    int position = flow.size();
    places.put(ticket.who(), flow.add(ticket, line, entered++));
    byDeadline.add(ticket);
    bytes += ticket.bytes();
    line.entered(ticket, nowNanos);
    return new Admission.Queued(position);
  }

  /** Takes a request out; false if it was not there. */
  public boolean leave(T who, long nowNanos) {
    Place<T> place = places.get(who);
    if (place == null) {
      return false;
    }
    Level<T> level = level(place.ticket());
    remove(level, place, nowNanos, Left.BEFORE_ITS_TURN);
    level.removeIfEmpty(place);
    return true;
  }

  /** Calls, in order, those whose turn it is, until nobody can go. */
  public void serve(long nowNanos, Function<T, Turn> call) {
    looks++;
    for (Line line : lines.values()) {
      line.blocked = false;
    }
    for (Level<T> level : levels.values()) {
      askWhoFoundNoRoom(level, nowNanos, call);
      while (round(level, nowNanos, call) > 0) {
        // another round: somebody went, or has not yet saved enough for its turn
      }
    }
    lines.values().removeIf(line -> line.isIdle(nowNanos, tuning.rateWindowSeconds()));
  }

  /** Takes out those whose deadline is here, the earliest first. */
  public void expire(long nowNanos, Consumer<T> tell) {
    while (!places.isEmpty() && earliestDeadlineNanos() - nowNanos <= 0) {
      T who = byDeadline.remove().who();
      leave(who, nowNanos);
      tell.accept(who);
    }
  }

  /** The earliest deadline; {@link Long#MAX_VALUE} if nobody waits. */
  public long earliestDeadlineNanos() {
    while (!byDeadline.isEmpty() && hasLeft(byDeadline.element())) {
      byDeadline.remove();
    }
    return byDeadline.isEmpty() ? Long.MAX_VALUE : byDeadline.element().deadlineNanos();
  }

  /** How many wait. */
  public int size() {
    return places.size();
  }

  /** How many deadlines are kept, those of some who left included. */
  int deadlinesKept() {
    return byDeadline.size();
  }

  private boolean hasLeft(Ticket<T> ticket) {
    return !places.containsKey(ticket.who());
  }

  /** They had their turn, and only room was missing; at most one of each line. */
  private void askWhoFoundNoRoom(Level<T> level, long nowNanos, Function<T, Turn> call) {
    for (Place<T> each : List.copyOf(level.foundNoRoom)) {
      if (!each.strand().line.blocked) {
        ask(level, each, nowNanos, call);
        level.removeIfEmpty(each);
      }
    }
  }

  /** One turn for each flow; answers how many flows may go on in another round. */
  private int round(Level<T> level, long nowNanos, Function<T, Turn> call) {
    int again = 0;
    List<Map.Entry<Object, Flow<T>>> over = new ArrayList<>();
    for (Iterator<Map.Entry<Object, Flow<T>>> all = level.flows.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<Object, Flow<T>> each = all.next();
      Flow<T> flow = each.getValue();
      if (turn(level, flow, nowNanos, call)) {
        all.remove();
        if (flow.size() > 0) {
          over.add(Map.entry(each.getKey(), flow));
          again++;
        }
      }
    }
    // Whose turn is over goes to the back; whose turn was cut short keeps its place.
    over.forEach(each -> level.flows.put(each.getKey(), each.getValue()));
    return again;
  }

  /** Whether the turn is over: the flow is empty or has used up its quantum. */
  private boolean turn(Level<T> level, Flow<T> flow, long nowNanos, Function<T, Turn> call) {
    Place<T> next = flow.first(looks);
    if (next != null && !flow.inItsTurn) {
      flow.deficit += tuning.quantumTokens();
      flow.inItsTurn = true;
    }
    while (next != null) {
      if (next.ticket().tokens() > flow.deficit) {
        flow.inItsTurn = false;
        return true;
      }
      ask(level, next, nowNanos, call);
      next = flow.first(looks);
    }
    return flow.size() == 0;
  }

  private void ask(Level<T> level, Place<T> place, long nowNanos, Function<T, Turn> call) {
    switch (call.apply(place.ticket().who())) {
      case GOES -> {
        place.flow().deficit -= place.ticket().tokens();
        remove(level, place, nowNanos, Left.IN_ITS_TURN);
      }
      case FINDS_NO_ROOM -> {
        place.strand().line.blocked = true;
        if (!level.foundNoRoom.contains(place)) {
          level.foundNoRoom.add(place);
        }
      }
      case LETS_OTHERS_PASS -> {
        place.strand().letsOthersPass(looks);
        level.foundNoRoom.remove(place);
      }
    }
  }

  private boolean isFullFor(Ticket<T> ticket) {
    int left = tuning.mostRequests() - places.size();
    long room = tuning.mostBytes() - bytes - ticket.bytes();
    Flow<T> flow = level(ticket).flows.get(ticket.flow());
    return left <= 0
        || room < 0
        || (flow != null && (flow.size() >= TIMES_LEFT * left || flow.bytes() > TIMES_LEFT * room));
  }

  private void remove(Level<T> level, Place<T> place, long nowNanos, Left how) {
    Ticket<T> ticket = place.ticket();
    level.foundNoRoom.remove(place);
    place.flow().remove(place);
    places.remove(ticket.who());
    forgetDeadlinesOfThoseWhoLeft();
    bytes -= ticket.bytes();
    place.strand().line.left(ticket, how, nowNanos, tuning.rateWindowSeconds());
  }

  /**
   * Not each when it leaves: to look for it would cost a walk through all of them. Nor when its
   * deadline has come first: its ticket holds the request till then, and all that belongs to it.
   */
  private void forgetDeadlinesOfThoseWhoLeft() {
    if (byDeadline.size() > 2 * places.size() + MOST_LEFT_OVER) {
      byDeadline.removeIf(this::hasLeft);
    }
  }

  private Level<T> level(Ticket<T> ticket) {
    return requireNonNull(levels.get(ticket.priority()));
  }

  private static Admission rejected(Admission.Reason reason, long waitNanos) {
    Duration wait = Duration.ofNanos(Math.max(0, waitNanos));
    return new Admission.Rejected(reason, wait.compareTo(AT_LEAST) < 0 ? AT_LEAST : wait);
  }

  enum Left {
    IN_ITS_TURN,
    BEFORE_ITS_TURN
  }

  /**
   * Those of one priority: flows in the order of their turns, and who found no room in its turn, of
   * each line one at most.
   */
  private static final class Level<T> {
    final Map<Object, Flow<T>> flows = new LinkedHashMap<>();
    final List<Place<T>> foundNoRoom = new ArrayList<>();

    void removeIfEmpty(Place<T> left) {
      if (left.flow().size() == 0) {
        flows.remove(left.ticket().flow());
      }
    }
  }
}
