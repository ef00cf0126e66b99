package dev.spillway.testkit.faulty;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** Providers whose stream ends inside an event, or inside what frames it. */
public final class InsideCuts {
  private static final String SIZE_EXTENSION = ";name=value";

  private InsideCuts() {}

  /** How a provider writes the same events. */
  public enum Spelling {
    /** As most do: in UTF-8, lines ended by LF. */
    PLAIN,
    /** All that is not ASCII as escapes, one for each unit of UTF-16. */
    ESCAPED,
    /** Lines ended by CR and LF. */
    CRLF;

    /** The event in this spelling. */
    public byte[] of(ChatAnswer.Event event) {
      String text =
          switch (this) {
            case PLAIN -> event.text();
            case ESCAPED -> escaped(event.text());
            case CRLF -> event.text().replace("\n", "\r\n");
          };
      return text.getBytes(UTF_8);
    }

    private static String escaped(String text) {
      StringBuilder ascii = new StringBuilder();
      text.chars()
          .forEach(unit -> {
            if (unit < 0x80) {
              ascii.append((char) unit);
            } else {
              ascii.append("\\u%04x".formatted(unit));
            }
          });
      return ascii.toString();
    }
  }

  /** A place in the framing of a chunk of HTTP/1.1. */
  public enum Place {
    /** Between two digits of its size. */
    IN_SIZE,
    /** Behind its size. */
    BEHIND_SIZE,
    /** In an extension of its size. */
    IN_EXTENSION,
    /** Between CR and LF behind its size. */
    IN_LINE_END_OF_SIZE,
    /** Behind its last byte. */
    BEHIND_DATA,
    /** Between CR and LF behind that. */
    IN_LINE_END_OF_DATA;

    /** Whether all bytes of the chunk came. */
    public boolean isBehindData() {
      return this == BEHIND_DATA || this == IN_LINE_END_OF_DATA;
    }

    private void send(Turn turn, byte[] data) throws IOException {
      String size = Integer.toHexString(data.length);
      switch (this) {
        case IN_SIZE -> turn.send(size.substring(0, 1));
        case BEHIND_SIZE -> turn.send(size);
        case IN_EXTENSION -> turn.send(size + SIZE_EXTENSION);
        case IN_LINE_END_OF_SIZE -> turn.send(size + SIZE_EXTENSION + "\r");
        case BEHIND_DATA -> {
          turn.send(size + "\r\n");
          turn.send(data);
        }
        case IN_LINE_END_OF_DATA -> {
          turn.send(size + "\r\n");
          turn.send(data);
          turn.send("\r");
        }
      }
    }
  }

  /**
   * A place in an event.
   *
   * @param what for the names of tests
   * @param bytesSent how many of its bytes come before the cut, given all of them
   */
  public record Spot(String what, Spelling spelling, ToIntFunction<byte[]> bytesSent) {}

  /** Inside the event after so many. */
  public static Fault at(int events, Spot spot, Cuts.Way way) {
    return new Fault(
        way + " after " + events + " events and " + spot.what() + ", " + spot.spelling(),
        turn -> {
          byte[] next = begin(turn, events, spot.spelling());
          turn.send(Integer.toHexString(next.length) + "\r\n");
          turn.send(Arrays.copyOf(next, spot.bytesSent().applyAsInt(next)));
          way.end(turn);
        });
  }

  /** In the framing of the event after so many. */
  public static Fault inFraming(int events, Place place, Cuts.Way way) {
    return new Fault(
        way + " after " + events + " events and " + place,
        turn -> {
          byte[] next = begin(turn, events, Spelling.PLAIN);
          place.send(turn, next);
          way.end(turn);
        });
  }

  /** Sends the events before, and returns the one that is next. */
  private static byte[] begin(Turn turn, int events, Spelling spelling) throws IOException {
    List<ChatAnswer.Event> all = turn.wellAnswer().events();
    turn.sendStreamHead();
    for (ChatAnswer.Event each : all.subList(0, events)) {
      turn.sendChunk(new String(spelling.of(each), UTF_8));
    }
    return spelling.of(all.get(events));
  }
}
