package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.testkit.faulty.Garbage;
import dev.spillway.testkit.json.JsonTree;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Providers that say inside a stream why no more of it comes: that means what it would mean with
 * the status that says the same, and the answer is gone on with elsewhere.
 */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ErrorInMidAnswerIT {
  private static final String USAGE = "\"stream_options\":{\"include_usage\":true}";

  /** Events before the one that says that the answer is whole. */
  private static final int FINISH = Way.finishOf(Way.streamed().findFirst().orElseThrow().body());

  /** Behind its role, so that nothing was shown; behind a word, and more; where its end lacks. */
  private static final List<Integer> PLACES = List.of(1, 2, 5, FINISH);

  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Arguments> places() {
    return Way.crossed(Way.streamed(), PLACES);
  }

  static Stream<Arguments> errors() {
    return Way.streamed()
        .flatMap(way ->
            PLACES.stream()
                .flatMap(events ->
                    Stream.of(
                        Arguments.of(way, events, "invalid_api_key", Kind.MISCONFIGURED),
                        Arguments.of(way, events, "permission_denied", Kind.MISCONFIGURED),
                        Arguments.of(way, events, "rate_limit_exceeded", Kind.RATE_LIMITED),
                        Arguments.of(way, events, "overloaded", Kind.OVERLOADED),
                        Arguments.of(way, events, "503", Kind.OVERLOADED),
                        Arguments.of(way, events, "server_error", Kind.SERVER_ERROR))));
  }

  @ParameterizedTest(name = "{0}: {2} after {1}")
  @MethodSource("errors")
  void goesOnElsewhereAndTakesItForWhatItSays(Way way, int events, String code, Kind meaning)
      throws Exception {
    providers.home().will(Garbage.error(events, code));
    TestHub hub = resumable();
    String body = way.body(USAGE);

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(hub.nextEnded().failures())
        .extracting(failed -> failed.failure().kind())
        .containsExactly(meaning);
    assertThat(providers.partner().turns()).hasSize(1);
  }

  @ParameterizedTest(name = "{0}: after {1}")
  @MethodSource("places")
  void takesOneOutOfRotationThatSaysThatOurKeyIsWrong(Way way, int events) throws Exception {
    providers.home().will(Garbage.error(events, "invalid_api_key"));
    TestHub hub = resumable();
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);
    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(hub.status(0).misconfigured()).isTrue();
    assertThat(providers.home().turns()).hasSize(1);
  }

  @ParameterizedTest(name = "{0}: after {1}")
  @MethodSource("places")
  void stopsAskingOneThatIsOverloadedForEver(Way way, int events) throws Exception {
    providers.home().will(Garbage.error(events, "overloaded"));
    TestHub hub =
        providers.hub(
            2,
            plan ->
                plan.speaking("vllm", "vllm")
                    .with(Providers.holdingDownFor(plan.tuning(), Duration.ofMinutes(1))));
    String body = way.body();

    for (int i = 0; i < 30; i++) {
      Told.wholeAnswer(providers.ask(way, hub, body), body);
    }

    assertThat(providers.home().turns()).hasSizeBetween(2, 15);
  }

  @ParameterizedTest(name = "{0}: after {1}")
  @MethodSource("places")
  void goesOnNowhereWithWhatAFilterRefuses(Way way, int events) throws Exception {
    providers.home().will(Garbage.error(events, "content_filter"));
    TestHub hub = resumable();
    String body = way.body();

    ReceivedMessage got = providers.ask(way, hub, body);

    if (events > 1) {
      Told.cutAnswer(got, body, "refused by filter");
    } else { // nothing was shown
      assertThat(got.status()).isEqualTo(400);
      assertThat(JsonTree.read(got.body()).at("error", "code").text()).isEqualTo("content_filter");
    }
    assertThat(providers.partner().turns()).isEmpty();
  }

  private TestHub resumable() throws Exception {
    return providers.hub(2, plan -> plan.speaking("vllm", "vllm"));
  }
}
