package dev.spillway.app.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.provider.EngineReport;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import java.util.List;
import org.junit.jupiter.api.Test;

class SiteLoadTest {
  @Test
  void isThatOfAllEnginesTogether() {
    EngineReport load = SiteLoad.of(List.of(engine(3, 500), engine(4, 100)));

    assertThat(load).isEqualTo(new EngineReport(7, 7, 0.3, 2));
  }

  /** Two of them say the most that a heartbeat can. */
  @Test
  void hasNoMoreThanCanBeCounted() {
    EngineReport load =
        SiteLoad.of(List.of(engine(Integer.MAX_VALUE, 0), engine(Integer.MAX_VALUE, 0)));

    assertThat(load.running()).isEqualTo(Integer.MAX_VALUE);
  }

  private static ReplicaState engine(int sequences, int kvPermille) {
    return new ReplicaState("mark", sequences, sequences, kvPermille, 0, 0, 0);
  }
}
