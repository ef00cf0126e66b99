package dev.spillway.app.cli;

import dev.spillway.app.rehearsal.Rehearsal;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code spillway rehearse}: what the launcher records a cache of. */
@Command(
    name = "rehearse",
    description = "Serves itself for a moment; record a cache of it for quicker starts.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The launcher does this after a build. Elsewhere, such as in an image:",
      "  java OPTIONS -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining \\",
      "    -XX:AOTCacheOutput=spillway.aot -cp 'lib/*' dev.spillway.app.Main rehearse",
      "and then serve with the same OPTIONS and class path, and with",
      "  -XX:AOTCache=spillway.aot"
    })
final class RehearseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    LogFormat.install();
    try {
      Rehearsal.Answered answered = Rehearsal.play();
      spec.commandLine()
          .getOut()
          .printf(
              "rehearsed: %d whole and %d streamed answers to %d requests%n",
              answered.whole(), answered.streamed(), answered.asked());
      return answered.all() ? 0 : 1;
    } catch (IOException e) {
      throw new CommandFailure("spillway: " + FileTrouble.words(e), e);
    }
  }
}
