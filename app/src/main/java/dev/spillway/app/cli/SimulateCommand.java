package dev.spillway.app.cli;

import dev.spillway.app.assembly.Assembly;
import dev.spillway.app.simulate.VirtualHub;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Tenant;
import dev.spillway.simulator.report.LoadReport;
import dev.spillway.simulator.trace.TraceRequest;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway simulate}: the same load and the same decisions, in virtual time. */
@Command(
    name = "simulate",
    description = "Plays a recorded load on a configuration in virtual time, and reports.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The decisions are those of serve; the engines are simulated after the accelerator that the",
      "configuration names. The same seed gives the same report, to the last byte.",
      "",
      "Example:",
      "  spillway simulate --config examples/home-and-partner.yaml --speed 5 \\",
      "    --trace data/azure-2023/AzureLLMInferenceTrace_conv.csv"
    })
final class SimulateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;
  @Mixin private LoadOptions loadOptions;

  @Option(names = "--tenant", description = "Who asks (default: the first of the configuration).")
  private @Nullable String tenantName;

  @Option(names = "--model", description = "For what (default: the first deployment's).")
  private @Nullable String modelName;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of all that is random (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--perturb",
      defaultValue = "0.2",
      description =
          "How far engines may be off their profile, as a share (default: ${DEFAULT-VALUE}).")
  private double perturbation;

  @Option(
      names = "--provisioned-engines",
      defaultValue = "6",
      description =
          "Engines behind each deployment whose provider does not say (default: ${DEFAULT-VALUE}).")
  private int provisionedEngines;

  @Option(names = "--output", defaultValue = "table", description = "table or json")
  private Output output;

  @Override
  public Integer call() throws CommandFailure {
    Assembly assembly = config.load();
    List<TraceRequest> load = loadOptions.read();
    VirtualHub hub = new VirtualHub(assembly, tenant(assembly), model(assembly));
    LoadReport report = report(hub, load);
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case TABLE -> {
        out.print(report.table());
        hub.refusals().forEach((site, count) -> out.printf("%-22s%s: %d%n", "429s", site, count));
      }
      case JSON -> out.println(report.json());
    }
    out.flush();
    return 0;
  }

  private LoadReport report(VirtualHub hub, List<TraceRequest> load) throws CommandFailure {
    if (provisionedEngines < 1) {
      throw new CommandFailure(
          "--provisioned-engines: " + provisionedEngines + " (expected: >= 1)");
    }
    if (!(perturbation >= 0 && perturbation < 1)) {
      throw new CommandFailure("--perturb: " + perturbation + " (expected: >= 0 and < 1)");
    }
    return new LoadReport(
        hub.play(load, new VirtualHub.Engines(provisionedEngines, perturbation, seed)),
        loadOptions.objective(),
        LoadOptions.span(load));
  }

  private Tenant tenant(Assembly assembly) throws CommandFailure {
    if (tenantName == null) {
      return assembly.tenants().getFirst();
    }
    return assembly
        .tenant(tenantName)
        .orElseThrow(() -> new CommandFailure("--tenant: no tenant " + tenantName));
  }

  private ModelName model(Assembly assembly) throws CommandFailure {
    return modelName == null
        ? assembly.topology().deployments().getFirst().model()
        : AskedModel.of(assembly, modelName);
  }
}
