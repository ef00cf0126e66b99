package dev.spillway.app.cli;

import dev.spillway.app.hub.Agents;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway site token}: lets one agent join, once and soon. */
@Command(
    name = "token",
    description = "Makes a token with which one agent can join as a site, within 15 minutes.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Run it at the hub, as the user that the hub runs as. Only a hash of it is kept.",
      "",
      "Example:",
      "  spillway site token --config spillway.yaml --site oci-chicago"
    })
final class SiteTokenCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(names = "--site", required = true, paramLabel = "SITE", description = "As which site.")
  private String site = "";

  @Option(
      names = "--tenants",
      split = ",",
      paramLabel = "TENANT",
      description = "Whom it may serve; all if not said.")
  private List<String> tenants = List.of();

  @Override
  public Integer call() throws CommandFailure {
    try {
      Agents agents = Agents.of(config.file(), config.load());
      String token = agents.token(new SiteId(site), tenants.stream().map(TenantId::new).toList());
      spec.commandLine().getOut().println(token);
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure("spillway: " + FileTrouble.words(e), e);
    }
  }
}
