package dev.spillway.app.cli;

import dev.spillway.app.config.Address;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway site status}: how the agent on this machine is. */
@Command(
    name = "status",
    description = "Shows load, links, certificate and refusals of the agent that runs here.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  spillway site status --config site.yaml"})
final class SiteStatusCommand implements Callable<Integer> {
  private static final Duration WITHIN = Duration.ofSeconds(5);

  @Spec private CommandSpec spec;

  @Mixin private SiteConfigOption file;

  @Option(names = "--output", defaultValue = "table", description = "table or json")
  private Output output;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    Address at = file.read().config().status();
    String path =
        switch (output) {
          case TABLE -> "/";
          case JSON -> "/status";
        };
    String host = at.host().indexOf(':') >= 0 ? "[" + at.host() + "]" : at.host();
    URI page = URI.create("http://" + host + ":" + at.port() + path);
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(WITHIN).build()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(page).timeout(WITHIN).build(), BodyHandlers.ofString());
      spec.commandLine().getOut().println(answer.body().strip());
      return 0;
    } catch (IOException e) {
      throw new CommandFailure("no agent answers at " + page + " (expected: one runs here)", e);
    }
  }
}
