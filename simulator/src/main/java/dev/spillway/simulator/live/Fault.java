package dev.spillway.simulator.live;

import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What goes wrong with a request because somebody asked for it; see {@link FaultSource}. */
public sealed interface Fault {
  /**
   * Refused with a status, before any work.
   *
   * @param code 400 to 599
   * @param retryAfter what the answer asks callers to wait, or null if it does not say
   */
  record Status(int code, @Nullable Duration retryAfter) implements Fault {
    private static final int LEAST = 400;
    private static final int MOST = 599;

    /** Checks the code. */
    public Status {
      if (code < LEAST || code > MOST) {
        throw new IllegalArgumentException("code: " + code + " (expected: 400 to 599)");
      }
    }
  }

  /** The connection is reset after so many tokens, at least 1. */
  record Cut(int tokens) implements Fault {}

  /** A stream ends with an error event after so many tokens; a whole answer is a 500. */
  record ErrorEvent(int tokens) implements Fault {}

  /** Nothing more comes after so many tokens, and the connection stays open. */
  record Stall(int tokens) implements Fault {}

  /**
   * Reads {@code status=429}, {@code cut=5}, {@code error=5} or {@code stall=5}. A 429 asks for a
   * wait of a second.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static Fault parse(String text) {
    int equals = text.indexOf('=');
    try {
      int number = Integer.parseInt(text.substring(equals + 1));
      if (equals > 0 && number > 0) {
        return of(text.substring(0, equals), number);
      }
    } catch (NumberFormatException e) {
      // Told below, like everything else that is no fault.
    }
    throw unknown(text);
  }

  /** After how many tokens it happens; empty if before any. */
  default OptionalInt afterTokens() {
    return switch (this) {
      case Status refused -> OptionalInt.empty();
      case Cut(int tokens) -> OptionalInt.of(tokens);
      case ErrorEvent(int tokens) -> OptionalInt.of(tokens);
      case Stall(int tokens) -> OptionalInt.of(tokens);
    };
  }

  private static Fault of(String kind, int number) {
    return switch (kind) {
      case "status" -> new Status(number, number == 429 ? Duration.ofSeconds(1) : null);
      case "cut" -> new Cut(number);
      case "error" -> new ErrorEvent(number);
      case "stall" -> new Stall(number);
      default -> throw unknown(kind + "=" + number);
    };
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException(
        "fault: " + text + " (expected: status=CODE, cut=TOKENS, error=TOKENS or stall=TOKENS)");
  }
}
