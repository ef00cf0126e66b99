package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Refusals;
import dev.spillway.testkit.json.JsonTree;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A client reads the words of the provider that failed as it is told, and of no other. */
class WhoseWordsIT {
  private static final String OWN = "at most 8192 tokens, and you sent 9000";
  private static final String TOO_LONG =
      "{\"error\":{\"message\":\""
          + OWN
          + "\",\"type\":\"invalid_request_error\",\"param\":\"messages\","
          + "\"code\":\"context_length_exceeded\"}}";

  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Arguments> elsewhere() {
    return Way.all()
        .flatMap(way ->
            Stream.of(
                    Refusals.status(401, "invalid_api_key"),
                    Refusals.broken(),
                    Cuts.beforeHead(Cuts.Way.RST))
                .map(fault -> Arguments.of(way, fault)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("elsewhere")
  void tellsWhatTheFirstSaidThoughTheLongerOneFailedOtherwise(Way way, Fault fault)
      throws Exception {
    providers.home().will(Refusals.answers(400, TOO_LONG));
    providers.partner().will(fault);
    TestHub hub = providers.hub(2, plan -> plan.taking(8_192, 131_072));

    ReceivedMessage got = providers.ask(way, hub, way.body());

    assertThat(providers.partner().turns()).isNotEmpty();
    JsonTree told = Told.refused(got, 400);
    assertThat(told.at("code").text()).isEqualTo("context_length_exceeded");
    assertThat(told.at("message").text()).isEqualTo(OWN);
  }
}
