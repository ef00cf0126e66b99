package dev.spillway.app.cli;

import static java.util.stream.Collectors.joining;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.ModelName;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.engine.EngineProfile;
import dev.spillway.simulator.engine.ProvisionedBucket;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway engine}: a simulated engine behind a real port. */
@Command(
    name = "engine",
    description = "Runs a simulated engine behind a real OpenAI-compatible port, until Ctrl-C.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "It says in its model list and in every answer that it is simulated.",
      "",
      "Examples:",
      "  spillway engine --port 8001 --model gpt-4o --replicas 4",
      "  spillway engine --port 8000 --model gpt-4o --units 600   (provisioned: refuses with 429)"
    })
final class EngineCommand implements Callable<Integer> {
  private static final double OUTPUT_WEIGHT = 4;
  private static final int MOST_PORT = 65_535;

  @Spec private CommandSpec spec;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--port",
      defaultValue = "0",
      description = "Port to listen on; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--model",
      defaultValue = "gpt-4o",
      description = "The model it stands for (default: ${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--profile",
      defaultValue = "h100x4-70b",
      description = "What it is as fast as (default: ${DEFAULT-VALUE}).")
  private String profile;

  @Option(
      names = "--replicas",
      defaultValue = "1",
      description = "Running copies (default: ${DEFAULT-VALUE}).")
  private int replicas;

  @Option(
      names = "--perturb",
      defaultValue = "0",
      description = "How far each may be off its profile, as a share (default: ${DEFAULT-VALUE}).")
  private double perturbation;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of all that is random (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--units",
      defaultValue = "0",
      description = "Provisioned units in front of it; 0 for none (default: ${DEFAULT-VALUE}).")
  private int units;

  @Option(
      names = "--tokens-per-minute",
      defaultValue = "2500",
      description = "Input tokens a unit drains in a minute (default: ${DEFAULT-VALUE}).")
  private long tokensPerMinute;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    try (LiveEngine engine = LiveEngine.start(config())) {
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "Simulated engine for %s (%s, %d replicas) on http://%s:%d/v1; Ctrl-C ends it.%n",
          model, profile, replicas, host, engine.port());
      out.flush();
      CountDownLatch stopped = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown));
      stopped.await();
      return 0;
    } catch (IOException e) {
      throw new CommandFailure("--port: cannot listen on " + host + ":" + port, e);
    }
  }

  private LiveEngineConfig config() throws CommandFailure {
    if (port < 0 || port > MOST_PORT) {
      throw new CommandFailure("--port: " + port + " (expected: 0 to " + MOST_PORT + ")");
    }
    try {
      LiveEngineConfig config =
          LiveEngineConfig.of(new ModelName(model), profile())
              .listeningOn(host, port)
              .withReplicas(replicas)
              .perturbedBy(perturbation, seed);
      if (units == 0) {
        return config;
      }
      var bought = new Capacity.Provisioned(units, tokensPerMinute, OUTPUT_WEIGHT);
      return config.behind(
          new LiveEngineConfig.Provisioned(bought, ProvisionedBucket.ASSUMED_DEPTH));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("engine: " + e.getMessage(), e);
    }
  }

  private EngineProfile profile() throws CommandFailure {
    return EngineCatalog.named(profile)
        .orElseThrow(() ->
            new CommandFailure(
                "--profile: "
                    + profile
                    + " (expected: one of "
                    + EngineCatalog.all().stream().map(EngineProfile::name).collect(joining(", "))
                    + ")"));
  }
}
