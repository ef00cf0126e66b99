package dev.spillway.app.cli;

import dev.spillway.app.hub.Agents;
import dev.spillway.control.sites.Enrolment;
import dev.spillway.core.model.SiteId;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway site revoke}: tells every agent of a site to leave. */
@Command(
    name = "revoke",
    description =
        "Closes the links of a site's agents within a second, lets them in no more, and withdraws"
            + " tokens that were not used.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  spillway site revoke --config spillway.yaml --site oci-chicago"})
final class SiteRevokeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(names = "--site", required = true, paramLabel = "SITE", description = "Which site.")
  private String site = "";

  @Override
  public Integer call() throws CommandFailure {
    try {
      Enrolment.Revoked revoked = Agents.of(config.file(), config.load()).revoke(new SiteId(site));
      spec.commandLine()
          .getOut()
          .printf(
              "site %s: agents revoked: %d; unused tokens withdrawn: %d%n",
              site, revoked.agents(), revoked.tokens());
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure("spillway: " + FileTrouble.words(e), e);
    }
  }
}
