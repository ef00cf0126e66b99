package dev.spillway.testkit.faulty;

import java.time.Duration;

/** Providers that keep their peer waiting. */
public final class Silences {
  private static final String HEARTBEAT = ": ping\n\n";

  private Silences() {}

  /** Takes the request and never says anything. */
  public static Fault silent() {
    return new Fault("accepts and never answers", Turn::hold);
  }

  /** Says 200 and nothing more. */
  public static Fault headOnly() {
    return stallsAfter(0);
  }

  /** Says 200, then so many events of the well answer, then nothing; the connection stays open. */
  public static Fault stallsAfter(int events) {
    return new Fault(
        "stalls after " + events + " events",
        turn -> {
          turn.sendStreamHead();
          turn.sendEvents(0, events);
          turn.hold();
        });
  }

  /** After so many events, one comment after another for ever. */
  public static Fault heartbeatsAfter(int events, Duration every) {
    return new Fault(
        "heartbeats for ever after " + events + " events",
        turn -> {
          turn.sendStreamHead();
          turn.sendEvents(0, events);
          while (true) {
            turn.sendChunk(HEARTBEAT);
            turn.pause(every);
          }
        });
  }

  /** Comments, then a well answer. */
  public static Fault late(int heartbeats, Duration every) {
    return new Fault(
        heartbeats + " heartbeats, then the answer",
        turn -> {
          turn.sendStreamHead();
          for (int i = 0; i < heartbeats; i++) {
            turn.sendChunk(HEARTBEAT);
            turn.pause(every);
          }
          turn.sendEvents(0, Integer.MAX_VALUE);
          turn.sendLastChunk();
        });
  }

  /** A head and a role at once, and a well answer after this time. */
  public static Fault late(Duration after) {
    return new Fault(
        "the answer after " + after,
        turn -> {
          if (turn.request().streams()) {
            turn.sendStreamHead();
            turn.sendEvents(0, 1);
            turn.pause(after);
            turn.sendEvents(1, Integer.MAX_VALUE);
            turn.sendLastChunk();
          } else {
            turn.pause(after);
            turn.answer();
          }
        });
  }

  /** A well answer, with this time before each of its first events. */
  public static Fault slowly(Duration every, int events) {
    return new Fault(
        "the first " + events + " events every " + every,
        turn -> {
          turn.sendStreamHead();
          for (int i = 0; i < events; i++) {
            turn.pause(every);
            turn.sendEvents(i, i + 1);
          }
          turn.sendEvents(events, Integer.MAX_VALUE);
          turn.sendLastChunk();
        });
  }
}
