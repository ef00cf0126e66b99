package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Framings;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers whose {@code Content-Length} is wrong: the client gets all of an answer all the same, and
 * what is left over is never read as the next one.
 */
class WrongLengthIT {
  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Arguments> wrongLengths() {
    return Way.all()
        .flatMap(way ->
            Stream.of(Framings.lengthShortBy(40), Framings.lengthShortBy(-40))
                .map(fault -> Arguments.of(way, fault)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("wrongLengths")
  void givesTheWholeAnswerAndClosesTheConnection(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm"));
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    Until.holds("the connection is closed", () -> providers.home().openConnections() == 0);
  }
}
