package dev.spillway.app.cli;

import java.io.PrintWriter;
import picocli.CommandLine;

/** How arguments become commands. */
public final class CommandLines {
  private CommandLines() {}

  /** The program's, ready to execute. */
  public static CommandLine spillway() {
    return new CommandLine(new SpillwayCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(CommandLines::failed);
  }

  /** A refusal is told in its own words; anything else is our mistake, and shows where it is. */
  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult arguments) {
    PrintWriter err = command.getErr();
    if (e instanceof CommandFailure) {
      err.println(e.getMessage());
    } else {
      e.printStackTrace(err);
    }
    err.flush();
    return command.getCommandSpec().exitCodeOnExecutionException();
  }
}
