package dev.spillway.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.app.assembly.Assembly;
import dev.spillway.control.decisions.DecisionJson;
import dev.spillway.control.decisions.DecisionText;
import dev.spillway.core.dispatch.Decision;
import dev.spillway.wire.json.JsonWriter;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway explain}: why a request goes, or went, where it does. */
@Command(
    name = "explain",
    description =
        "Shows each deployment with its predicted terms, or the clause that rules it out: for a"
            + " request that might come, by the file alone, or for one that came, by asking the hub.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exits with 1 if the request would go nowhere.",
      "",
      "Examples:",
      "  spillway explain --config examples/home-and-partner.yaml --tenant chatgpt --model gpt-4o",
      "  spillway explain d-1kq2x8-7 --admin http://127.0.0.1:9090"
    })
final class ExplainCommand implements Callable<Integer> {
  private static final int EXPECTED_BYTES = 4_096;

  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Subject subject;

  @Option(names = "--output", defaultValue = "table", description = "table or json")
  private Output output;

  /** What is to be explained. */
  static final class Subject {
    @ArgGroup(exclusive = false)
    @Nullable Imagined imagined;

    @ArgGroup(exclusive = false)
    @Nullable Past past;
  }

  /** A request that might come. */
  static final class Imagined {
    @Option(
        names = {"-c", "--config"},
        required = true,
        paramLabel = "FILE",
        description = "The configuration.")
    Path file;

    @Option(names = "--tenant", required = true, description = "Who asks.")
    String tenant;

    @Option(names = "--model", required = true, description = "A model, or an alias of one.")
    String model;

    @Option(names = "--class", description = "The class of work; the tenant's first if not said.")
    @Nullable String workload;

    @Option(
        names = "--residency",
        split = ",",
        description = "Geographies to which the request narrows itself.")
    List<String> residency = List.of();

    @Option(
        names = "--input-tokens",
        defaultValue = "1000",
        description = "How long its input is (default: ${DEFAULT-VALUE}).")
    int inputTokens;
  }

  /** A decision that a hub made. */
  static final class Past {
    @Parameters(
        paramLabel = "DECISION",
        description = "The id in the answer's head x-spillway-decision.")
    String id;

    @Option(
        names = "--admin",
        required = true,
        paramLabel = "URL",
        description = "The hub's admin port, such as http://127.0.0.1:9090.")
    URI admin;
  }

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    if (subject.past != null) {
      print(new AdminClient(subject.past.admin).decision(subject.past.id, output));
      return 0;
    }
    if (subject.imagined == null) {
      throw new IllegalStateException("picocli lets one of the two through");
    }
    if (subject.imagined.inputTokens < 0) {
      throw new CommandFailure(
          "--input-tokens: " + subject.imagined.inputTokens + " (expected: >= 0)");
    }
    Assembly assembly = ConfigOption.load(subject.imagined.file);
    Decision decision = ImaginedRequest.of(assembly, subject.imagined).decide();
    print(
        switch (output) {
          case TABLE -> DecisionText.of(List.of(decision));
          case JSON -> json(decision);
        });
    return decision.chosen() == null ? 1 : 0;
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text.stripTrailing());
    out.flush();
  }

  private static String json(Decision decision) {
    JsonWriter json = new JsonWriter(EXPECTED_BYTES);
    json.beginObject().name("decisions");
    DecisionJson.write(List.of(decision), json);
    json.endObject();
    return new String(json.toByteArray(), UTF_8);
  }
}
