package dev.spillway.site.tunnel;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.spillway.site.identity.Trouble;
import dev.spillway.site.tunnel.DialledLink.Kind;
import dev.spillway.wire.link.HubAddress;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.PromiseCombiner;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The links to one hub: a control connection, and as many connections for requests as there is work
 * for: one for every 12 streams, 4 at the least and 32 at the most.
 *
 * <p>All that is kept here belongs to one event loop; connections run on any, and tell it.
 */
public final class HubLinks {
  private static final Logger LOG = System.getLogger(HubLinks.class.getName());
  private static final int FEWEST = 4;
  private static final int MOST = 32;
  private static final int STREAMS_EACH = 12;
  private static final long LOOK_EVERY_MILLIS = 500;
  private static final long LEAVE_WITHIN_MILLIS = 2_000;

  private final LinkSetup setup;
  private final HubAddress address;
  private final InetSocketAddress hub;
  private final Hubs hubs;
  private final EventLoop loop;
  private final Backoff backoff;
  private final List<DialledLink> data = new ArrayList<>();
  private @Nullable DialledLink control;
  private int dialling;
  private boolean waiting;
  private boolean stopped;
  private final Trouble trouble = new Trouble();
  private String problem = "";
  private volatile View view;

  /**
   * How a hub is linked, for people.
   *
   * @param hub where it is
   * @param connections open, for requests
   * @param streams requests on them
   * @param control whether the control connection is up
   * @param problem why the last dial failed or the last link ended; empty if nothing did
   */
  public record View(String hub, int connections, int streams, boolean control, String problem) {}

  /** To the hub at this address; dials when {@link #start} is called. */
  HubLinks(LinkSetup setup, HubAddress address, Hubs hubs, EventLoop loop, RandomGenerator random) {
    this.setup = setup;
    this.address = address;
    this.hub = InetSocketAddress.createUnresolved(address.host(), address.port());
    this.hubs = hubs;
    this.loop = loop;
    this.backoff = new Backoff(random);
    this.view = new View(address.toString(), 0, 0, false, "");
  }

  /** Dials, and keeps the links up from now on; any thread. */
  void start() {
    loop.execute(this::lookAgainAndAgain);
  }

  /** Tells the hub at once how this agent is, and dials no more; any thread. */
  void drain() {
    loop.execute(() -> {
      stopped = true;
      if (control != null) {
        control.sayHowWeAre();
      }
    });
  }

  /** Dials no more, takes nothing new, and closes what is left when it is over; any thread. */
  void retire() {
    loop.execute(() -> {
      stopped = true;
      if (control != null) {
        control.close(); // to the hub, nobody is here then
      }
      closeIdleAgainAndAgain();
    });
  }

  /** Closes each connection when the hub has all that was sent on it; its own loop only. */
  void leave(long withinMillis, PromiseCombiner left) {
    stopped = true;
    data.forEach(each -> left.add(each.leave(withinMillis)));
    if (control != null) {
      left.add(control.leave(withinMillis));
    }
  }

  /** Closes every connection; any thread. */
  void close() {
    loop.execute(() -> {
      stopped = true;
      data.forEach(DialledLink::close);
      if (control != null) {
        control.close();
      }
    });
  }

  /** Not looked up yet. */
  InetSocketAddress address() {
    return hub;
  }

  /** How it is linked. */
  public View view() {
    return view;
  }

  /** The hub said which replicas there are; any thread. */
  void announced(List<HubAddress> replicas) {
    hubs.announced(address, replicas);
  }

  /** Whether a running hub is to be linked here, and not by another of its names; any thread. */
  boolean claims(@Nullable String running) {
    return hubs.claims(running, this);
  }

  /** A connection is up; any thread. */
  void linked(DialledLink link) {
    loop.execute(() -> {
      if (stopped) {
        link.close(); // it ends as one that never came up
        return;
      }
      dialling--;
      problem = "";
      if (link.kind() == Kind.CONTROL) {
        control = link;
        trouble.ends();
        LOG.log(Level.INFO, "{0}: linked", address);
      } else {
        data.add(link);
      }
      loop.schedule(() -> mayHaveHeld(link), Backoff.STABLE_NANOS, NANOSECONDS);
      look();
    });
  }

  /** A connection is gone, or never came up; once a connection, any thread. */
  void ended(DialledLink link, long heldNanos, String why) {
    if (loop.isShuttingDown()) {
      return; // nothing dials any more, and nobody asks
    }
    loop.execute(() -> {
      if (link.kind() == Kind.CONTROL) {
        hubs.left(this); // it may have claimed the hub though it was never up here
      }
      if (link.equals(control)) {
        control = null;
      } else if (!data.remove(link)) {
        dialling--;
      }
      problem = why;
      if (control == null && !stopped && trouble.isNews(why)) {
        LOG.log(Level.WARNING, "{0}: not linked, dialled again and again: {1}", address, why);
      }
      long wait = backoff.ended(heldNanos, System.nanoTime());
      if (!waiting) {
        waiting = true;
        loop.schedule(this::waited, wait, NANOSECONDS);
      }
      look();
    });
  }

  private void mayHaveHeld(DialledLink link) {
    if (link.equals(control) || data.contains(link)) {
      backoff.held();
    }
  }

  private void waited() {
    waiting = false;
    look();
  }

  private void lookAgainAndAgain() {
    look();
    if (!stopped) {
      loop.schedule(this::lookAgainAndAgain, LOOK_EVERY_MILLIS, MILLISECONDS);
    }
  }

  /** What was sent before the hub knew that nobody is here comes within this time. */
  private void closeIdleAgainAndAgain() {
    loop.schedule(
        () -> {
          data.stream()
              .filter(each -> each.streams() == 0)
              .forEach(each -> each.leave(LEAVE_WITHIN_MILLIS));
          if (!data.isEmpty()) {
            closeIdleAgainAndAgain();
          }
        },
        LOOK_EVERY_MILLIS,
        MILLISECONDS);
  }

  /** Dials what is missing; nothing for requests before the hub has us under control. */
  private void look() {
    if (!stopped && !waiting) {
      if (control == null) {
        dial(Kind.CONTROL, dialling == 0 ? 1 : 0);
      } else {
        dial(Kind.DATA, wanted() - data.size() - dialling);
      }
    }
    view = new View(address.toString(), data.size(), streams(), control != null, problem);
  }

  private int wanted() {
    return Math.clamp((streams() + STREAMS_EACH - 1) / STREAMS_EACH, FEWEST, MOST);
  }

  private int streams() {
    return data.stream().mapToInt(DialledLink::streams).sum();
  }

  private void dial(Kind kind, int count) {
    for (int i = 0; i < count; i++) {
      dialling++;
      DialledLink link = new DialledLink(setup, kind, this);
      setup
          .bootstrap()
          .clone()
          .handler(link.initializer())
          .connect(setup.proxy() == null ? hub : setup.proxy().address())
          .addListener(done -> {
            if (!done.isSuccess()) {
              link.failed(done.cause());
            }
          });
    }
  }
}
