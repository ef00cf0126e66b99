package dev.spillway.app.cli;

import dev.spillway.app.replay.Replay;
import dev.spillway.app.replay.ReplayProgress;
import dev.spillway.app.replay.ReplayTarget;
import dev.spillway.simulator.report.LoadReport;
import dev.spillway.simulator.report.Outcome;
import dev.spillway.simulator.trace.TraceRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway replay}: a recorded load against any OpenAI-compatible endpoint. */
@Command(
    name = "replay",
    description = "Replays a recorded load against any OpenAI-compatible endpoint, and reports.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Each request is sent when it is due, whatever became of earlier ones; its times count from",
      "then. Exits 1 unless every answer came whole.",
      "",
      "Example:",
      "  spillway replay --trace data/azure-2023/AzureLLMInferenceTrace_conv.csv --speed 5 \\",
      "    --duration 10m --base-url http://127.0.0.1:8080/v1 --key sk-demo --model gpt-4o"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final Duration WORRYING_LATENESS = Duration.ofMillis(50);
  private static final int CONNECT_MILLIS = 3_000;
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  @Spec private CommandSpec spec;
  @Mixin private LoadOptions loadOptions;

  @Option(
      names = "--base-url",
      required = true,
      paramLabel = "URL",
      description = "As an OpenAI client has it, such as http://127.0.0.1:8080/v1.")
  private URI baseUrl;

  @Option(names = "--key", defaultValue = "none", description = "The API key.")
  private String key;

  @Option(
      names = "--model",
      defaultValue = "gpt-4o",
      description = "What is asked for (default: ${DEFAULT-VALUE}).")
  private String model;

  @Option(names = "--output", defaultValue = "table", description = "table or json")
  private Output output;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    List<TraceRequest> load = loadOptions.read();
    ReplayTarget target = target();
    PrintWriter err = spec.commandLine().getErr();
    ReplayProgress progress = new ReplayProgress(err, load.size());
    Replay replay = new Replay(target, progress);
    List<Outcome> outcomes = replay.run(load);
    progress.finish();
    LoadReport report = new LoadReport(outcomes, loadOptions.objective(), LoadOptions.span(load));
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case TABLE -> out.print(report.table());
      case JSON -> out.println(report.json());
    }
    out.flush();
    warnIfLate(replay.latenessP99(), err);
    return report.count(Outcome.Kind.WHOLE) == load.size() ? 0 : 1;
  }

  private ReplayTarget target() throws CommandFailure {
    int port = port(baseUrl);
    try {
      ReplayTarget target = new ReplayTarget(baseUrl, key, model);
      try (Socket probe = new Socket()) {
        probe.connect(new InetSocketAddress(baseUrl.getHost(), port), CONNECT_MILLIS);
      }
      return target;
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage() == null ? "--base-url" : e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandFailure(
          "--base-url: nobody answers at " + baseUrl + " (port " + port + "); is the hub running?",
          e);
    }
  }

  private static int port(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return "https".equals(url.getScheme()) ? HTTPS : HTTP;
  }

  private static void warnIfLate(Duration lateness, PrintWriter err) {
    if (lateness.compareTo(WORRYING_LATENESS) > 0) {
      err.printf(
          "Not to be trusted: this program itself was late by %d ms for one request in a hundred;"
              + " the machine is too busy.%n",
          lateness.toMillis());
      err.flush();
    }
  }
}
