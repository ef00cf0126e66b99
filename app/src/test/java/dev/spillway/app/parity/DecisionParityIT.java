package dev.spillway.app.parity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.assembly.Configs;
import dev.spillway.app.assembly.Generation;
import dev.spillway.app.assembly.Generations;
import dev.spillway.app.assembly.SecretReader;
import dev.spillway.app.simulate.VirtualHub;
import dev.spillway.core.dispatch.Decision;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.simulator.event.Ending;
import dev.spillway.simulator.event.Simulation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One load, one configuration, one script of times: simulated, and over sockets. */
class DecisionParityIT {
  private static final int REQUESTS = 400;
  private static final int DEPLOYMENTS = 4;
  private static final String CONFIG =
      """
      platform: azure-ai
      sites:
        home: {provider: microsoft, role: home, geography: us, round-trip: 2ms}
        chicago: {provider: oracle, role: partner, geography: us, extends: azure-ai, round-trip: 20ms}
        far: {provider: amazon, role: partner, geography: us, extends: azure-ai, round-trip: 60ms}
        abroad: {provider: amazon, role: partner, geography: eu, extends: azure-ai, round-trip: 5ms}
      deployments:
        chat-home: {site: home, model: gpt-4o, dialect: vllm, url: "http://127.0.0.1:${port}/0/v1",
          capacity: {kind: provisioned, units: 1, input-tokens-per-minute-per-unit: 60000},
          price: {per-unit-hour: 1.00 USD}}
        chat-partner: {site: chicago, model: gpt-4o, dialect: vllm, accelerator: h100,
          url: "http://127.0.0.1:${port}/1/v1", capacity: {kind: self-hosted, replicas: 1},
          price: {input: 2.50 USD/1M, output: 10.00 USD/1M}}
        chat-far: {site: far, model: gpt-4o, dialect: vllm, url: "http://127.0.0.1:${port}/2/v1",
          capacity: {kind: on-demand}, price: {input: 5.00 USD/1M, output: 20.00 USD/1M}}
        chat-abroad: {site: abroad, model: gpt-4o, dialect: vllm, url: "http://127.0.0.1:${port}/3/v1",
          capacity: {kind: on-demand}, price: {input: 0.10 USD/1M, output: 0.10 USD/1M}}
      contract:
        home-first: {kind: offer-home-first, classes: online-inference}
        oracle-cap: {kind: cap, provider: oracle, spend: 0.25 USD, per: month}
      tenants:
        app: {class: online-inference, residency: us, keys: {env: APP_KEY}}
      objectives:
        online-inference: {ttft: 1s, tpot: 60ms, attainment: 99.5%, deadline: 1m}
      """;

  /** A comparison of what never happens would say nothing. */
  private static final Set<String> EXPECTED =
      Set.of(
          "Considered",
          "Excluded",
          "ASKED_TO_WAIT",
          "BREAKER_OPEN",
          "BUCKET_FULL",
          "HOME_FIRST",
          "NO_HEADROOM",
          "TRIED");

  private final Script script = Script.of(REQUESTS, 1);

  @Test
  void everyDecisionOfTheSimulatorIsTheGateways() throws Exception {
    try (ScriptedProviders providers = new ScriptedProviders(script, DEPLOYMENTS)) {
      String config = CONFIG.replace("${port}", "" + providers.port());
      Generation generation =
          new Generations(
                  "spillway.yaml", new SecretReader(Path.of("."), Map.of("APP_KEY", "sk-test")))
              .next(null, config.getBytes(UTF_8), Configs.NOW);

      List<Told> simulated = simulated(generation);
      List<Told> live;
      try (LiveRun run = new LiveRun(generation, script)) {
        live = run.play(providers);
      }

      assertThat(Told.firstDifference(simulated, live)).isEmpty();
      assertThat(kindsOfVerdicts(live)).as("what the load brings about").containsAll(EXPECTED);
    }
  }

  private List<Told> simulated(Generation generation) {
    List<Told> told = new ArrayList<>();
    var assembly = generation.assembly();
    VirtualHub hub =
        new VirtualHub(assembly, assembly.tenants().getFirst(), new ModelName("gpt-4o"));
    hub.play(
        script.load(),
        time -> new ScriptedWorld(script).on(time, DEPLOYMENTS),
        new Simulation.Listener() {
          @Override
          public void ended(Journey journey, Ending ending) {
            told.add(Told.of(journey));
          }

          @Override
          public void attemptFailed(int deployment, AttemptFailure failure) {}
        });
    return told;
  }

  private static Set<String> kindsOfVerdicts(List<Told> all) {
    Set<String> kinds = new TreeSet<>();
    for (Told told : all) {
      for (Decision decision : told.decisions()) {
        decision.verdicts().stream().map(DecisionParityIT::kind).forEach(kinds::add);
      }
    }
    return kinds;
  }

  private static String kind(Decision.Verdict verdict) {
    return switch (verdict) {
      case Decision.Excluded _ -> "Excluded";
      case Decision.Considered _ -> "Considered";
      case Decision.Unavailable(_, var rule, _) -> rule.name();
    };
  }
}
