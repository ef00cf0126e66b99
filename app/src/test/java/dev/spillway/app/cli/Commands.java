package dev.spillway.app.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs commands as the program does, and keeps what they say. */
final class Commands {
  private Commands() {}

  /** What a command said and how it ended. */
  record Ran(int exitCode, String out, String err) {}

  static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine spillway =
        CommandLines.spillway()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int exitCode = spillway.execute(arguments);
    return new Ran(exitCode, out.toString(), err.toString());
  }
}
