package dev.spillway.app.jvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * The threads of this process that serve requests: they are let in before those that compile, log
 * and look at engines have run their slice.
 *
 * <p>Why: an event loop sleeps between requests. Where one that wakes shares its core, Linux lets
 * the one that runs finish its slice, of a millisecond or more, and the request waits. Asked to run
 * for less at a time, the loop is let in at once, and gets no more of the core for it. At 2,000
 * requests a second on one core, in the minutes in which a JVM compiles most, the slowest of a
 * hundred requests took 0.46 ms so, and 0.71 without (docs/performance.md).
 */
public final class EventLoopThreads {
  private static final System.Logger LOG = System.getLogger(EventLoopThreads.class.getName());

  /** As the gateway's and the agent's are called. */
  private static final String NAME = "event-loop-";

  private EventLoopThreads() {}

  /**
   * Lets those in first that run by now, and whatever threads they start. Where Linux is older than
   * 6.12, or this is not Linux, all stays as it is.
   */
  public static void areLetInFirst() {
    if (!KernelThreads.areKnown() || !TimeSlice.canBeSet()) {
      return;
    }
    try {
      for (int thread : ids()) {
        TimeSlice.set(thread, TimeSlice.SHORTEST);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.log(
          Level.WARNING,
          "requests may wait for the JVM''s other threads where they share a core: {0}",
          e.getMessage());
    }
  }

  /** The numbers by which the kernel knows them. */
  static List<Integer> ids() throws IOException {
    return KernelThreads.named(name -> name.startsWith(NAME));
  }
}
