package dev.spillway.app.terminal;

import java.io.Console;

/** Whether somebody watches: then lines may overwrite themselves. */
public enum Terminal {
  /** A person sees each line as it is. */
  WATCHED,
  /** A file, a pipe, a log. */
  UNWATCHED;

  /** What this program was started on. */
  @SuppressWarnings("SystemConsoleNull") // seen to be null on Java 25, with its output in a file
  public static Terminal ofThisProgram() {
    Console console = System.console();
    return console != null && console.isTerminal() ? WATCHED : UNWATCHED;
  }
}
