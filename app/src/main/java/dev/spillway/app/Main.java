package dev.spillway.app;

import dev.spillway.app.cli.CommandLines;
import dev.spillway.app.cli.Serving;

/** The program. */
public final class Main {
  private Main() {}

  /** Runs one command and ends with its exit code: 0, 1 (refused or failed) or 2 (usage). */
  public static void main(String[] arguments) {
    System.exit(
        Serving.isPlainlyAskedFor(arguments)
            ? Serving.atOnce(arguments)
            : CommandLines.spillway().execute(arguments));
  }
}
