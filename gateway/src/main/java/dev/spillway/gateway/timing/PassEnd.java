package dev.spillway.gateway.timing;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * What is put off to the end of an event loop's pass: until it has dealt with all that it found
 * ready when it last looked.
 *
 * <p>Event loop only.
 */
public final class PassEnd {
  private final Executor loop;
  private final ArrayDeque<Runnable> due = new ArrayDeque<>();
  private final Runnable run = this::run;
  private boolean awaited;

  /**
   * With nothing put off.
   *
   * @param loop runs what it is given after what it found ready
   */
  public PassEnd(Executor loop) {
    this.loop = loop;
  }

  /** Runs it at the end of this pass, after what was put off before. */
  public void run(Runnable what) {
    due.add(what);
    awaitEnd();
  }

  private void awaitEnd() {
    if (!awaited) {
      awaited = true;
      loop.execute(run);
    }
  }

  private void run() {
    awaited = false;
    try {
      // What these put off in turn runs after what else the loop has to do.
      for (int left = due.size(); left > 0; left--) {
        due.remove().run();
      }
    } finally {
      if (!due.isEmpty()) {
        awaitEnd();
      }
    }
  }
}
