package dev.spillway.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.app.assembly.Assembly;
import dev.spillway.app.hub.StartCheck;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.control.text.Table;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.DeploymentSet;
import dev.spillway.wire.json.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway check}: is the file valid, and who may then use what. */
@Command(
    name = "check",
    description = "Checks a configuration as serve would, and shows who may use what today.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Certificates and secrets are read, as serve would read them; where they are not,",
      "--without-secrets checks the file alone.",
      "",
      "Example:",
      "  spillway check --config examples/home-and-partner.yaml"
    })
final class CheckCommand implements Callable<Integer> {
  private static final int EXPECTED_BYTES = 4_096;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(names = "--output", defaultValue = "table", description = "table or json")
  private Output output;

  @Option(
      names = "--without-secrets",
      description = "Read the file alone, neither the certificates nor the secrets that it names.")
  private boolean withoutSecrets;

  /** What one class of a tenant's work may use of one model. */
  private record Reach(
      Tenant tenant, WorkloadClass workload, ModelName model, List<String> where) {}

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    Assembly assembly = config.load(); // without it, there is nothing to read secrets for
    if (!withoutSecrets) {
      checkSecrets();
    }
    List<Reach> reaches = reaches(assembly, Instant.now().getEpochSecond());
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case TABLE -> out.print(table(assembly, reaches));
      case JSON -> out.println(json(reaches));
    }
    out.flush();
    return 0;
  }

  private void checkSecrets() throws CommandFailure, InterruptedException {
    try {
      StartCheck.secrets(config.file(), Files.readAllBytes(config.file()));
    } catch (InvalidFileException e) {
      throw new CommandFailure(
          e.getMessage() + "\nspillway: --without-secrets checks the file alone", e);
    } catch (IOException e) {
      throw new CommandFailure(
          config.file() + ": cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private String table(Assembly assembly, List<Reach> reaches) {
    Table table = new Table("tenant", "class", "model", "may use today");
    for (Reach reach : reaches) {
      String where = reach.where.isEmpty() ? "nothing" : String.join(", ", reach.where);
      table.row(reach.tenant.id(), reach.workload.label(), reach.model, where);
    }
    return "%s: valid (sites: %d, deployments: %d, clauses: %d, tenants: %d)%n%n%s"
        .formatted(
            config.file(),
            assembly.topology().sites().size(),
            assembly.topology().deployments().size(),
            assembly.contract().clauses().size(),
            assembly.tenants().size(),
            table);
  }

  private static String json(List<Reach> reaches) {
    JsonWriter json = new JsonWriter(EXPECTED_BYTES);
    json.beginObject().name("valid").value(true).name("may_use").beginArray();
    for (Reach reach : reaches) {
      json.beginObject();
      json.name("tenant").value(reach.tenant.id().value());
      json.name("class").value(reach.workload.label());
      json.name("model").value(reach.model.value());
      json.name("deployments").beginArray();
      reach.where.forEach(json::value);
      json.endArray().endObject();
    }
    json.endArray().endObject();
    return new String(json.toByteArray(), UTF_8);
  }

  private static List<Reach> reaches(Assembly assembly, long epochSecond) {
    List<Deployment> deployments = assembly.topology().deployments();
    List<ModelName> models = deployments.stream().map(Deployment::model).distinct().toList();
    List<Reach> reaches = new ArrayList<>();
    for (Tenant tenant : assembly.tenants()) {
      for (WorkloadClass workload : tenant.classes()) {
        for (ModelName model : models.stream().filter(tenant::mayUse).toList()) {
          Ask ask = new Ask(tenant.id(), workload, model, List.of());
          DeploymentSet allowed = assembly.policy().allowed(ask, epochSecond);
          List<String> where = new ArrayList<>();
          for (int i = allowed.next(0); i >= 0; i = allowed.next(i + 1)) {
            where.add(deployments.get(i).id().value());
          }
          reaches.add(new Reach(tenant, workload, model, where));
        }
      }
    }
    return reaches;
  }
}
