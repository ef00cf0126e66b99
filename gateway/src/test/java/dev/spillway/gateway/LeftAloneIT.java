package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.RetryTuning;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Refusals;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Home is full and says for how long: longer than it is left alone if it does not say. */
class LeftAloneIT {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** As long as one may be left alone that does not say for how long, and a little. */
  private static final Duration UNASKED =
      RetryTuning.DEFAULT.waitUnasked().multipliedBy(3).dividedBy(2).plusMillis(100);

  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Fault> fullForAMinute() {
    return Stream.of(
        Refusals.fullForSeconds(60), Refusals.fullForMillis(60_000), Refusals.fullUntil(MINUTE));
  }

  @ParameterizedTest
  @MethodSource("fullForAMinute")
  void isNotAskedWhileTheTimeIsNotOver(Fault fault) throws Exception {
    providers.home().will(fault, Fault.NONE);
    TestHub hub = providers.hub(2);
    Way way = Way.whole().findFirst().orElseThrow();
    String body = way.body();
    Told.wholeAnswer(providers.ask(way, hub, body), body);
    long answered = System.nanoTime();
    Until.holds("it waited", () -> System.nanoTime() - answered > UNASKED.toNanos());

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).hasSize(2);
  }
}
