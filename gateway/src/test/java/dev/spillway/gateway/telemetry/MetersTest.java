package dev.spillway.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.resume.ContinuationMemory;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Meters meters = new Meters(registry, Records.PARTNER.site()::equals);

  @Test
  void countsTokensByType() {
    meters.ended(Records.whole("req-1", Records.HOME));

    assertThat(tokens("input")).isEqualTo(100);
    assertThat(tokens("output")).isEqualTo(11);
  }

  @Test
  void timesTheFirstTokenAndThoseAfterIt() {
    meters.ended(Records.whole("req-1", Records.HOME));

    assertThat(seconds("gen_ai.server.request.duration")).isCloseTo(1.2, within(1e-9));
    assertThat(seconds("gen_ai.server.time_to_first_token")).isCloseTo(0.2, within(1e-9));
    assertThat(seconds("gen_ai.server.time_per_output_token")).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void countsRequestsByHowTheyEndedAndWhere() {
    meters.ended(Records.whole("req-1", Records.HOME));
    meters.ended(Records.whole("req-2", Records.HOME));
    meters.ended(Records.failed());

    assertThat(requests("whole", "home")).isEqualTo(2);
    assertThat(requests("failed", "oci-chicago")).isEqualTo(1);
  }

  @Test
  void countsFailuresAtTheSiteThatFailed() {
    meters.ended(Records.spilled());

    double full =
        registry
            .get("spillway.attempt.failures")
            .tags("kind", "rate_limited", "site", "home")
            .counter()
            .count();
    assertThat(full).isEqualTo(1);
  }

  @Test
  void countsAsSpilledOnlyWhatAPartnerAnswered() {
    meters.ended(Records.whole("req-1", Records.HOME));
    meters.ended(Records.spilled());
    meters.ended(Records.failed());

    assertThat(registry.get("spillway.spilled").counters()).hasSize(1);
    assertThat(registry.get("spillway.spilled").tag("site", "oci-chicago").counter().count())
        .isEqualTo(1);
  }

  @Test
  void timesNoTokensOfARequestThatFailed() {
    meters.ended(Records.failed());

    Timer firstToken = registry.get("gen_ai.server.time_to_first_token").timer();
    assertThat(firstToken.count()).isZero();
    assertThat(tokens("output")).isZero();
  }

  @Test
  void countsWhoWasNotLetInByWhy() {
    meters.turnedAway(ErrorKind.WRONG_KEY);
    meters.turnedAway(ErrorKind.WRONG_KEY);
    meters.turnedAway(ErrorKind.NO_CAPACITY);

    assertThat(turnedAway("wrong_key", "401")).isEqualTo(2);
    assertThat(turnedAway("no_capacity", "503")).isEqualTo(1);
    assertThat(turnedAway("missing_key", "401")).isZero();
  }

  @Test
  void showsWhatBodiesTakeAndHowManyFoundNoRoom() {
    meters.showBodies(() -> 7, () -> 2);

    assertThat(registry.get("spillway.body.memory").gauge().value()).isEqualTo(7);
    assertThat(registry.get("spillway.body.unread").functionCounter().count()).isEqualTo(2);
  }

  @Test
  void showsWhatTheLogDropped() {
    meters.showDropped(() -> 7);

    assertThat(registry.get("spillway.request_log.dropped").functionCounter().count()).isEqualTo(7);
  }

  @Test
  void showsWhatIsKeptSoThatAnswersCanBeContinued() {
    meters.showContinuations(new ContinuationMemory(1 << 20));

    assertThat(registry.get("spillway.continuation.memory").gauge().value()).isZero();
    assertThat(registry.get("spillway.continuation.unkept").functionCounter().count()).isZero();
  }

  private double turnedAway(String kind, String status) {
    return registry
        .get("spillway.turned_away")
        .tags("kind", kind, "status", status)
        .counter()
        .count();
  }

  private double tokens(String type) {
    return registry
        .get("gen_ai.client.token.usage")
        .tags("gen_ai.token.type", type, "gen_ai.operation.name", "chat")
        .summary()
        .totalAmount();
  }

  private double seconds(String timer) {
    return registry
        .get(timer)
        .tag("gen_ai.request.model", "gpt-4o")
        .timer()
        .totalTime(TimeUnit.SECONDS);
  }

  private double requests(String outcome, String site) {
    return registry
        .get("spillway.requests")
        .tags("tenant", "team-a", "model", "gpt-4o", "class", "online-inference")
        .tags("outcome", outcome, "site", site)
        .counter()
        .count();
  }
}
