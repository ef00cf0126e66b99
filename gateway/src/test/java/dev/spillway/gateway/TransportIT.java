package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.spillway.gateway.GatewayConfig.Transport;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Silences;
import dev.spillway.testkit.faulty.Turn;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes get in and out by, the same is seen. */
class TransportIT {
  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Arguments> waysOverTransports() {
    return Arrays.stream(Transport.values())
        .flatMap(transport -> Way.all().map(way -> Arguments.of(transport, way)));
  }

  static Stream<Arguments> streamsOverTransports() {
    return Arrays.stream(Transport.values())
        .flatMap(transport -> Way.streamed().map(way -> Arguments.of(transport, way)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("waysOverTransports")
  void answers(Transport transport, Way way) throws Exception {
    TestHub hub = hub(transport);
    String body = way.body();

    for (int i = 0; i < 3; i++) {
      Told.wholeAnswer(providers.ask(way, hub, body), body);
    }

    assertThat(providers.home().connections()).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("streamsOverTransports")
  void goesOnWithACutStream(Transport transport, Way way) throws Exception {
    providers.home().will(Cuts.after(3, Cuts.Way.RST));
    TestHub hub = hub(transport);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.partner().turns()).hasSize(1);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("streamsOverTransports")
  void cancelsWhatNobodyWaitsFor(Transport transport, Way way) throws Exception {
    providers.home().will(Silences.silent());
    TestHub hub = hub(transport);

    Turn turn;
    try (TestClient client = way.protocol().connect(hub)) {
      client.send(Requests.chat(way.body()));
      turn = providers.home().awaitTurn(0);
    }

    assertThat(turn.awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
  }

  private TestHub hub(Transport transport) throws IOException, InterruptedException {
    assumePermitted(transport);
    return providers.hub(2, plan -> plan.speaking("vllm", "vllm").with(TestHub.over(transport)));
  }

  /** Only where the kernel does not permit it may a transport go untried, and it says so. */
  private static void assumePermitted(Transport transport) {
    try {
      Sockets.of(transport);
    } catch (IOException e) {
      abort(String.valueOf(e.getMessage()));
    }
  }
}
