package dev.spillway.testkit.faulty;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;

/** Providers whose answer ends too early. */
public final class Cuts {
  private Cuts() {}

  /** How a connection ends. */
  public enum Way {
    /** In good manner. */
    FIN,
    /** Broken off. */
    RST;

    void end(Turn turn) {
      switch (this) {
        case FIN -> turn.close();
        case RST -> turn.reset();
      }
    }
  }

  /** Before a byte of an answer. */
  public static Fault beforeHead(Way way) {
    return new Fault(way + " before the head", way::end);
  }

  /** A connection that was used before is gone when the next request comes on it. */
  public static Fault whereIdleBefore(Way way) {
    return new Fault(
        way + " where it was idle before",
        turn -> {
          if (turn.onConnection() > 1) {
            way.end(turn);
          } else {
            turn.answer();
          }
        });
  }

  /** Inside the head. */
  public static Fault insideHead(Way way) {
    return new Fault(
        way + " inside the head",
        turn -> {
          turn.send("HTTP/1.1 200 OK\r\nContent-Ty");
          way.end(turn);
        });
  }

  /** After so many events of the well answer. */
  public static Fault after(int events, Way way) {
    return new Fault(
        way + " after " + events + " events",
        turn -> {
          turn.sendStreamHead();
          turn.sendEvents(0, events);
          way.end(turn);
        });
  }

  /** Inside the event after so many, at this byte. */
  public static Fault inside(int events, int atByte, Way way) {
    return new Fault(
        way + " after " + events + " events and " + atByte + " bytes",
        turn -> {
          turn.sendStreamHead();
          turn.sendEvents(0, events);
          List<ChatAnswer.Event> all = turn.wellAnswer().events();
          byte[] next = all.get(Math.min(events, all.size() - 1)).text().getBytes(UTF_8);
          turn.send(Integer.toHexString(next.length) + "\r\n");
          turn.send(Arrays.copyOf(next, Math.min(atByte, next.length)));
          way.end(turn);
        });
  }

  /** The body ends as its framing wants it after so many events, with nothing said of an end. */
  public static Fault endsAfter(int events) {
    return new Fault(
        "ends after " + events + " events",
        turn -> {
          turn.sendStreamHead();
          turn.sendEvents(0, events);
          turn.sendLastChunk();
        });
  }

  /** The same, and says {@code [DONE]}. */
  public static Fault doneAfter(int events) {
    return new Fault(
        "[DONE] after " + events + " events",
        turn -> {
          turn.sendStreamHead();
          turn.sendEvents(0, events);
          turn.sendChunk("data: [DONE]\n\n");
          turn.sendLastChunk();
        });
  }

  /** The first so many bytes of the well JSON, well framed. */
  public static Fault shortJson(int bytes) {
    return new Fault(
        "the first " + bytes + " bytes of the JSON",
        turn -> {
          byte[] json = turn.wellAnswer().json().getBytes(UTF_8);
          turn.sendStreamHead();
          turn.send(Integer.toHexString(bytes) + "\r\n");
          turn.send(Arrays.copyOf(json, bytes));
          turn.send("\r\n");
          turn.sendLastChunk();
        });
  }

  /** The first so many bytes of the well JSON; then the connection ends before its length. */
  public static Fault insideJson(int bytes, Way way) {
    return new Fault(
        way + " after " + bytes + " bytes of the JSON",
        turn -> {
          byte[] json = turn.wellAnswer().json().getBytes(UTF_8);
          turn.send(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                  + json.length
                  + "\r\n\r\n");
          turn.send(Arrays.copyOf(json, bytes));
          way.end(turn);
        });
  }
}
