package dev.spillway.wire.resume;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.GrowingText;
import java.util.ArrayList;
import java.util.List;

/**
 * The beginning of a continuation, held back as long as it may not be what it seems.
 *
 * <p>Three things are looked for, in this order; each is given up at the first character that does
 * not fit, which in an ordinary continuation is the very first.
 *
 * <ol>
 *   <li>An echo: the engine repeats what it was given. Some builds of llama.cpp did (until its
 *       {@code echo}, 2026-05), and vLLM does if asked to. It is removed only where it cannot be
 *       the answer's own repetition: the whole of the text, unit by unit, from {@value #MIN_ECHO}
 *       units on, and not periodic. A model that writes "ha ha ha" has a text of short periods; one
 *       that wrote a paragraph twice has a period of half its text. A shorter one is removed if it
 *       comes all at once, as builds of llama.cpp sent it (seen 2026-11-26), and was shown as
 *       several tokens: no token says again what several said. A part of the text that comes again,
 *       such as its last words, is never removed: that is what refrains, lists and code look like,
 *       and engines in this mode do not echo parts.
 *   <li>The rest of a stop string whose beginning was shown: the text ends before that rest. What
 *       was shown of the stop string stays with the client, who cannot be made to forget it, and is
 *       a part of the answer's text.
 *   <li>A character whose first half was shown: the half is left out here. Another character in its
 *       place would leave garbage with the client, so then the two cannot be joined. Engines hold
 *       back the bytes of a character until it is whole (llama.cpp's {@code validate_utf8},
 *       SGLang's detokenizer_manager.py, read 2026-11-25), so a U+FFFD that was shown is text like
 *       any other.
 * </ol>
 */
final class Opening {
  private static final int MIN_ECHO = 32;
  private static final int MIN_ECHO_AT_ONCE = 4;

  private final String given;
  private final List<String> stopRests;
  private final StringBuilder seen = new StringBuilder();
  private GrowingText held = new GrowingText();
  private char half;
  private boolean mayEcho;
  private boolean mayEchoAtOnce;
  private boolean echoRemoved;

  /** What is known of the beginning. */
  enum State {
    /** Too little to tell; nothing goes on yet. */
    WAITING,
    /** All that was held goes on, and whatever follows. */
    OPEN,
    /** A stop string is complete: the answer ends. */
    STOPPED,
    /** It is not the rest of this text. */
    UNJOINABLE
  }

  /**
   * Behind what is shown.
   *
   * @param tokens how many it was, at a guess
   */
  Opening(ByteSlice shown, long tokens, List<String> stops) {
    this.given = Characters.unescaped(SplitCharacter.without(shown));
    this.half = SplitCharacter.of(shown);
    this.mayEcho = given.length() >= MIN_ECHO;
    this.mayEchoAtOnce = !mayEcho && given.length() >= MIN_ECHO_AT_ONCE && tokens > 1;
    this.stopRests = rests(stops);
  }

  /** Whether there is anything to look for. */
  boolean isNeeded() {
    return mayEcho || mayEchoAtOnce || half != 0 || !stopRests.isEmpty();
  }

  /**
   * Reads on.
   *
   * @param last whether nothing can follow that would have to be waited for
   */
  State take(ByteSlice piece, boolean last) {
    String text = Characters.unescaped(piece);
    held.append(piece);
    seen.append(text);
    if (text.isEmpty() && !last) {
      return State.WAITING;
    }
    if (mayEcho && echoes(text) && !last) {
      return State.WAITING;
    }
    if (mayEchoAtOnce) {
      mayEchoAtOnce = false;
      removeEcho(seen.indexOf(given) == 0);
    }
    boolean waiting = false;
    String soFar = seen.toString();
    for (String rest : stopRests) { // a client may send thousands
      if (soFar.startsWith(rest)) {
        stop();
        return State.STOPPED;
      }
      waiting |= !last && rest.startsWith(soFar);
    }
    State character = half == 0 ? State.OPEN : character(last);
    return character == State.OPEN && waiting ? State.WAITING : character;
  }

  /** What goes to the client once it is open or stopped; escaped. */
  ByteSlice text() {
    return held.slice();
  }

  /** Whether a repetition was removed. */
  boolean echoRemoved() {
    return echoRemoved;
  }

  private List<String> rests(List<String> stops) {
    List<String> rests = new ArrayList<>();
    for (String stop : stops) {
      for (int shown = 1; shown < stop.length(); shown++) {
        if (given.regionMatches(given.length() - shown, stop, 0, shown)) {
          rests.add(stop.substring(shown));
        }
      }
    }
    return rests;
  }

  /** Whether it may yet become an echo; removes one that is complete. Looks at what is new only. */
  private boolean echoes(String newText) {
    int from = seen.length() - newText.length();
    int compared = Math.min(newText.length(), given.length() - from);
    boolean fits = given.regionMatches(from, newText, 0, compared);
    if (fits && seen.length() < given.length()) {
      return true;
    }
    mayEcho = false;
    removeEcho(fits);
    return false;
  }

  private void removeEcho(boolean isThere) {
    if (isThere && !isPeriodic(given)) {
      drop(given.length());
      echoRemoved = true;
    }
  }

  private void stop() {
    boolean completes = half != 0 && startsWithCharacter();
    if (completes) {
      drop(1);
    }
    Characters characters = new Characters(held.slice());
    int kept = completes && characters.next() ? characters.to() : 0;
    held = cut(0, kept);
  }

  private State character(boolean last) {
    if (startsWithCharacter()) {
      drop(1);
      half = 0;
      return State.OPEN;
    }
    boolean mayCome = seen.isEmpty() || (seen.length() == 1 && seen.charAt(0) == half);
    return mayCome && !last ? State.WAITING : State.UNJOINABLE;
  }

  private boolean startsWithCharacter() {
    return seen.length() > 1 && seen.charAt(0) == half && Character.isLowSurrogate(seen.charAt(1));
  }

  /** Leaves out so many units of UTF-16 at the beginning. */
  private void drop(int units) {
    Characters characters = new Characters(held.slice());
    int passed = 0;
    while (passed < units && characters.next()) {
      passed += characters.units();
    }
    GrowingText rest = cut(characters.to(), held.length());
    if (passed > units) {
      GrowingText withHalf = new GrowingText();
      withHalf.append(escape(Character.lowSurrogate(characters.value())));
      withHalf.append(rest.slice());
      rest = withHalf;
    }
    held = rest;
    seen.delete(0, units);
  }

  private GrowingText cut(int from, int to) {
    ByteSlice all = held.slice();
    GrowingText part = new GrowingText();
    part.append(all.array(), from, to);
    return part;
  }

  private static ByteSlice escape(char unit) {
    return ByteSlice.of("\\u" + Integer.toHexString(unit));
  }

  /** Whether it is something, and that again, at least in part (Knuth, Morris, Pratt, 1977). */
  private static boolean isPeriodic(String text) {
    int[] border = new int[text.length()];
    for (int i = 1; i < text.length(); i++) {
      int length = border[i - 1];
      while (length > 0 && text.charAt(i) != text.charAt(length)) {
        length = border[length - 1];
      }
      border[i] = text.charAt(i) == text.charAt(length) ? length + 1 : 0;
    }
    return 2 * border[text.length() - 1] >= text.length();
  }
}
