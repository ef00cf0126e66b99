package dev.spillway.simulator.live;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a prompt asks of the simulation, in the last text that is not the assistant's: {@code
 * simulate(tool)} for a tool call though none is required, or a {@link Fault}, as in {@code
 * simulate(cut=5)}. Any client can say that, whatever fields it knows.
 *
 * <p>Looked for in texts of up to {@value #LONGEST_TEXT} characters; what is no wish is prose.
 */
sealed interface Wish {
  /** Longer texts are not looked into. */
  int LONGEST_TEXT = 4_096;

  /** The assistant calls the first tool. */
  record CallTool() implements Wish {}

  /** Something goes wrong. */
  record Fail(Fault fault) implements Wish {}

  /** An ordinary answer. */
  record Nothing() implements Wish {}

  /** Reads the first wish in a text. */
  static Wish in(String text) {
    Matcher marker = Markers.PATTERN.matcher(text);
    if (!marker.find()) {
      return new Nothing();
    }
    if (marker.group(1).equals("tool")) {
      return new CallTool();
    }
    try {
      return new Fail(Fault.parse(marker.group(1)));
    } catch (IllegalArgumentException e) {
      return new Nothing();
    }
  }

  /** How wishes are written. */
  final class Markers {
    private static final Pattern PATTERN = Pattern.compile("simulate\\(([a-z]+(?:=\\d{1,6})?)\\)");

    private Markers() {}
  }
}
