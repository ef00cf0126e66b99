package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.testkit.faulty.Silences;
import dev.spillway.testkit.faulty.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that leave before they have their answer. */
class ClientLeavesIT {
  private static final int SHOWN_EVENTS = 3;
  private static final int TRIES = 5;

  /** No limit that a test waits for. */
  private static final Duration LONG = Duration.ofSeconds(30);

  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Way> ways() {
    return Way.all();
  }

  static Stream<Way> whole() {
    return Way.whole();
  }

  static Stream<Way> streamed() {
    return Way.streamed();
  }

  /** Any machine may be busy once or twice of five times; it is the usual time that counts. */
  @ParameterizedTest
  @MethodSource("streamed")
  void isFollowedByTheHubWithinATenthOfASecondWhenItLeavesMidStream(Way way) throws Exception {
    providers.home().will(Silences.stallsAfter(SHOWN_EVENTS));
    TestHub hub = providers.hub(2, plan -> plan.stallingWithin(LONG));
    List<Duration> late = new ArrayList<>();

    for (int i = 0; i < TRIES; i++) {
      TestClient client = providers.client(way, hub);
      client.send(Requests.chat(way.body()));
      client.receiveUntil("delta");
      long leftNanos = System.nanoTime();
      client.leave();
      Turn turn = providers.home().awaitTurn(i);
      assertThat(turn.awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
      late.add(Duration.ofNanos(turn.endedNanos() - leftNanos));
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.ABANDONED);
    }

    Duration median = late.stream().sorted().toList().get(TRIES / 2);
    assertThat(median).as("of %s", late).isLessThan(Duration.ofMillis(100));
    assertThat(providers.partner().turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void isFollowedByTheHubWhenItLeavesBeforeContent(Way way) throws Exception {
    providers.home().will(Silences.silent());
    TestHub hub = providers.hub(1);
    TestClient client = providers.client(way, hub);
    client.send(Requests.chat(way.body()));
    Turn turn = providers.home().awaitTurn(0);

    client.leave();

    assertThat(turn.awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
    RequestRecord record = hub.nextEnded();
    assertThat(record.outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(record.usage().inputTokens()).as("its prompt was sent").isPositive();
    assertThat(record.usage().outputTokens()).isZero();
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void isFollowedByTheHubToBothWhenASecondAttemptRunsBesideTheFirst(Way way) throws Exception {
    providers.home().will(Silences.silent());
    providers.partner().will(Silences.silent());
    TestHub hub = providers.hub(2, plan -> plan.with(HedgeTuning.DEFAULT).beginningWithin(LONG));
    TestClient client = providers.client(way, hub);
    client.send(Requests.chat(way.body()));
    Turn first = providers.home().awaitTurn(0);
    Turn second = providers.partner().awaitTurn(0);
    assertThat(first.ending()).isEqualTo(Turn.Ending.UNDER_WAY);

    client.leave();

    assertThat(first.awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
    assertThat(second.awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
    assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.ABANDONED);
  }

  @ParameterizedTest
  @MethodSource("whole")
  void isFollowedByTheHubWhenItLeavesAnAnswerThatIsStreamedForIt(Way way) throws Exception {
    providers.home().will(Silences.stallsAfter(SHOWN_EVENTS));
    TestHub hub = providers.hub(2, plan -> plan.streamingUpstream().stallingWithin(LONG));
    TestClient client = providers.client(way, hub);
    client.send(Requests.chat(way.body()));
    Turn turn = providers.home().awaitTurn(0);
    Until.holds("the answer has begun", () -> turn.sentBytes() > 0);
    assertThat(turn.request().streams()).isTrue();

    client.leave();

    assertThat(turn.awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
    assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(providers.partner().turns()).isEmpty();
  }
}
