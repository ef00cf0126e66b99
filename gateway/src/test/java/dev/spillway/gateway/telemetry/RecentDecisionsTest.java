package dev.spillway.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.telemetry.RecentDecisions.Old;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecentDecisionsTest {
  @ParameterizedTest
  @EnumSource
  void tellsTheLatestFirst(Old old) {
    RecentDecisions recent = told(3, old, "a", "b");

    assertThat(recent.latest(10)).extracting(RequestRecord::requestId).containsExactly("b", "a");
    assertThat(recent.latest(1)).extracting(RequestRecord::requestId).containsExactly("b");
  }

  @ParameterizedTest
  @EnumSource
  void forgetsTheOldest(Old old) {
    RecentDecisions recent = told(3, old, "a", "b", "c", "d", "e");

    assertThat(recent.latest(10))
        .extracting(RequestRecord::requestId)
        .containsExactly("e", "d", "c");
  }

  @ParameterizedTest
  @EnumSource
  void findsByTheIdOfADecision(Old old) {
    RecentDecisions recent = told(3, old, "a");

    assertThat(recent.find("dec-1")).map(RequestRecord::requestId).contains("a");
    assertThat(recent.find("dec-2")).isEmpty();
  }

  private static RecentDecisions told(int capacity, Old old, String... requestIds) {
    RecentDecisions recent = new RecentDecisions(capacity, old);
    for (String each : requestIds) {
      recent.ended(Records.whole(each, Records.HOME));
    }
    return recent;
  }
}
