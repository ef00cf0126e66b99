package dev.spillway.app.cli;

import dev.spillway.app.agent.AgentProgram;
import dev.spillway.site.identity.EnrolmentException;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.JoinToken;
import dev.spillway.wire.link.MalformedMessage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway site join}: shows a token to the hub, and keeps what the hub gives for it. */
@Command(
    name = "join",
    description = "Joins a hub with a token of it; once for an agent.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The key is made here and stays here; the token knows the hub, so that nobody else is told.",
      "",
      "An agent that runs with the same file takes up what is joined here.",
      "",
      "Examples:",
      "  spillway site join --config site.yaml --token ...",
      "  spillway site join --hub https://hub.example:8443 --token ..."
    })
final class SiteJoinCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private SiteConfigOption file;
  @Mixin private HubOption at;

  @Option(
      names = "--token",
      required = true,
      paramLabel = "TOKEN",
      description = "What spillway site token said at the hub.")
  private String token = "";

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    spec.commandLine().getOut().println(join(file.read(), at.hubs(), token));
    return 0;
  }

  /** Joins; what to say of it. */
  static String join(SiteFile said, List<HubAddress> at, String token)
      throws CommandFailure, InterruptedException {
    try {
      SiteIdentity identity =
          AgentProgram.join(said.config(), said.base(), at, JoinToken.parse(token.strip()));
      return "joined as site %s; the certificate is good until %s and renewed before"
          .formatted(identity.site(), identity.certificate().getNotAfter().toInstant());
    } catch (MalformedMessage e) {
      throw new CommandFailure("token: not one of a hub", e);
    } catch (EnrolmentException | IOException e) {
      throw said.failure("not joined: ", e);
    }
  }
}
