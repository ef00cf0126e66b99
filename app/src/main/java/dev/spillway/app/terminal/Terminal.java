package dev.spillway.app.terminal;

/** Whether somebody watches: then lines may overwrite themselves. */
public enum Terminal {
  /** A person sees each line as it is. */
  WATCHED,
  /** A file, a pipe, a log. */
  UNWATCHED;

  /** What this program was started on. */
  @SuppressWarnings("NullAway") // from Java 22 on System.console() is never null
  public static Terminal ofThisProgram() {
    return System.console().isTerminal() ? WATCHED : UNWATCHED;
  }
}
