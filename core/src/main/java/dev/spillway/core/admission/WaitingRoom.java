package dev.spillway.core.admission;

import static java.util.Objects.requireNonNull;

import dev.spillway.core.model.Priority;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
 * Where requests wait for headroom: by priority, fair between flows, first come first served in a
 * flow.
 *
 * <p>Inside a priority, flows take turns by deficit round robin (Shreedhar and Varghese, SIGCOMM
 * 1995), weighed in tokens: a turn is worth a quantum, what is left of it is kept for the next, so
 * that over time every flow sends as many tokens as any other, however long its requests are. A
 * turn that was cut short by lack of room goes on when there is room.
 *
 * <p>Nobody overtakes in a pool: once one request had no room, those behind it that wait for the
 * same deployments are not asked, so that a large one does not starve behind small ones.
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

  private final RoomTuning tuning;
  private final Map<Priority, Map<Object, Flow<T>>> flows = new EnumMap<>(Priority.class);
  private final Map<Object, Line> lines = new HashMap<>();
  private final IdentityHashMap<T, Ticket<T>> tickets = new IdentityHashMap<>();
  private final PriorityQueue<Ticket<T>> byDeadline =
      new PriorityQueue<>((a, b) -> Long.signum(a.deadlineNanos() - b.deadlineNanos()));
  private long bytes;

  /** An empty room. */
  public WaitingRoom(RoomTuning tuning) {
    this.tuning = tuning;
    for (Priority priority : Priority.values()) {
      flows.put(priority, new LinkedHashMap<>());
    }
  }

  /** What one who was called did. */
  public enum Turn {
    /** Went: its place is free. */
    GOES,
    /** Found no room: it waits on, and so does everybody behind it. */
    FINDS_NO_ROOM,
    /** Waits on, for reasons of its own: those behind it may go. */
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
    Flow<T> flow = level(ticket.priority()).computeIfAbsent(ticket.flow(), _ -> new Flow<>());
    int position = flow.tickets.size();
    flow.tickets.addLast(ticket);
    flow.bytes += ticket.bytes();
    tickets.put(ticket.who(), ticket);
    byDeadline.add(ticket);
    bytes += ticket.bytes();
    line.entered(ticket, nowNanos);
    return new Admission.Queued(position);
  }

  /** Takes a request out; false if it was not there. */
  public boolean leave(T who, long nowNanos) {
    Ticket<T> ticket = tickets.get(who);
    if (ticket == null) {
      return false;
    }
    Map<Object, Flow<T>> level = level(ticket.priority());
    Flow<T> flow = level.get(ticket.flow());
    if (flow == null || !flow.tickets.remove(ticket)) {
      throw new IllegalStateException("waits in no flow: " + ticket.flow());
    }
    flow.bytes -= ticket.bytes();
    if (flow.tickets.isEmpty()) {
      level.remove(ticket.flow());
    }
    forget(ticket, nowNanos, Left.BEFORE_ITS_TURN);
    return true;
  }

  /** Calls, in order, those whose turn it is, until nobody can go. */
  public void serve(long nowNanos, Function<T, Turn> call) {
    for (Line line : lines.values()) {
      line.blocked = false;
    }
    for (Map<Object, Flow<T>> level : flows.values()) {
      while (round(level, nowNanos, call) > 0) {
        // another round: somebody went, or has not yet saved enough for its turn
      }
    }
    lines.values().removeIf(line -> line.isIdle(nowNanos, tuning.rateWindowSeconds()));
  }

  /** Takes out those whose deadline is here, the earliest first. */
  public void expire(long nowNanos, Consumer<T> tell) {
    while (!tickets.isEmpty() && earliestDeadlineNanos() - nowNanos <= 0) {
      T who = byDeadline.remove().who();
      leave(who, nowNanos);
      tell.accept(who);
    }
  }

  /** The earliest deadline; {@link Long#MAX_VALUE} if nobody waits. */
  public long earliestDeadlineNanos() {
    while (!byDeadline.isEmpty() && !tickets.containsKey(byDeadline.element().who())) {
      byDeadline.remove(); // left earlier: looking for it then would have cost a walk
    }
    return byDeadline.isEmpty() ? Long.MAX_VALUE : byDeadline.element().deadlineNanos();
  }

  /** How many wait. */
  public int size() {
    return tickets.size();
  }

  /** One turn for each flow; answers how many flows may go on in another round. */
  private int round(Map<Object, Flow<T>> level, long nowNanos, Function<T, Turn> call) {
    int again = 0;
    List<Map.Entry<Object, Flow<T>>> over = new ArrayList<>();
    for (Iterator<Map.Entry<Object, Flow<T>>> all = level.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Object, Flow<T>> each = all.next();
      Flow<T> flow = each.getValue();
      if (turn(flow, nowNanos, call)) {
        all.remove();
        if (!flow.tickets.isEmpty()) {
          over.add(Map.entry(each.getKey(), flow));
          again++;
        }
      }
    }
    // Whose turn is over goes to the back; whose turn was cut short keeps its place.
    over.forEach(each -> level.put(each.getKey(), each.getValue()));
    return again;
  }

  /** Whether the turn is over: the flow is empty or has used up its quantum. */
  private boolean turn(Flow<T> flow, long nowNanos, Function<T, Turn> call) {
    if (!flow.inItsTurn) {
      flow.deficit += tuning.quantumTokens();
      flow.inItsTurn = true;
    }
    while (!flow.tickets.isEmpty()) {
      Ticket<T> head = flow.tickets.getFirst();
      Line line = line(head);
      if (line.blocked) {
        return false;
      }
      if (head.tokens() > flow.deficit) {
        flow.inItsTurn = false;
        return true;
      }
      switch (call.apply(head.who())) {
        case GOES -> {
          flow.tickets.removeFirst();
          flow.deficit -= head.tokens();
          flow.bytes -= head.bytes();
          forget(head, nowNanos, Left.IN_ITS_TURN);
        }
        case FINDS_NO_ROOM -> {
          line.blocked = true;
          return false;
        }
        case LETS_OTHERS_PASS -> {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isFullFor(Ticket<T> ticket) {
    int places = tuning.mostRequests() - tickets.size();
    long room = tuning.mostBytes() - bytes - ticket.bytes();
    Flow<T> flow = level(ticket.priority()).get(ticket.flow());
    return places <= 0
        || room < 0
        || (flow != null
            && (flow.tickets.size() >= TIMES_LEFT * places || flow.bytes > TIMES_LEFT * room));
  }

  private void forget(Ticket<T> ticket, long nowNanos, Left how) {
    tickets.remove(ticket.who());
    bytes -= ticket.bytes();
    line(ticket).left(ticket, how, nowNanos, tuning.rateWindowSeconds());
  }

  private Line line(Ticket<T> ticket) {
    return lines.computeIfAbsent(ticket.pool(), _ -> new Line());
  }

  private Map<Object, Flow<T>> level(Priority priority) {
    return requireNonNull(flows.get(priority));
  }

  private static Admission rejected(Admission.Reason reason, long waitNanos) {
    Duration wait = Duration.ofNanos(Math.max(0, waitNanos));
    return new Admission.Rejected(reason, wait.compareTo(AT_LEAST) < 0 ? AT_LEAST : wait);
  }

  enum Left {
    IN_ITS_TURN,
    BEFORE_ITS_TURN
  }

  private static final class Flow<T> {
    final Deque<Ticket<T>> tickets = new ArrayDeque<>();
    long deficit;
    long bytes;
    boolean inItsTurn;
  }
}
