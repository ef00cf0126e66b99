package dev.spillway.gateway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class StreamWindowTest {
  private static final long ROUND_TRIP_MICROS = 100_000;
  private static final long ROUND_TRIP_NANOS = ROUND_TRIP_MICROS * 1_000;
  private static final long ENOUGH = 64L << 20;

  private final WindowBudget budget = new WindowBudget(ENOUGH);
  private final StreamWindow window = new StreamWindow(budget, 0);
  private long now;

  @Test
  void givesNothingBackThatIsNotWorthAFrame() {
    window.came(StreamWindow.FIRST / 2 - 1);
    assertThat(window.due()).isZero();

    window.came(1);
    assertThat(window.due()).isEqualTo(StreamWindow.FIRST / 2);
  }

  @Test
  void becomesWideForOneWhoTakesHalfOfItWithinTwoRoundTrips() {
    int bytes = StreamWindow.FIRST;
    for (int i = 0; i < 40; i++) {
      bytes += taken(bytes / 2, ROUND_TRIP_NANOS);
    }

    assertThat(bytes).isEqualTo(StreamWindow.MOST);
    assertThat(budget.left()).isEqualTo(ENOUGH - (StreamWindow.MOST - StreamWindow.FIRST));
  }

  @Test
  void staysSmallAsLongAsBuffersMayHaveTakenIt() {
    for (int all = 0; all < StreamWindow.BELIEVED; all += StreamWindow.FIRST / 2) {
      assertThat(taken(StreamWindow.FIRST / 2, 1)).isZero();
    }

    assertThat(taken(StreamWindow.FIRST / 2, 1)).isEqualTo(StreamWindow.FIRST);
  }

  @Test
  void staysSmallForOneWhoTakesLongerThanThat() {
    for (int i = 0; i < 20; i++) {
      assertThat(taken(StreamWindow.FIRST / 2, 3 * ROUND_TRIP_NANOS)).isZero();
    }

    assertThat(budget.left()).isEqualTo(ENOUGH);
  }

  @Test
  void leavesTheOthersSomethingWhereManyWantMuch() {
    WindowBudget small = new WindowBudget(4L << 20);
    for (int i = 0; i < 1_000; i++) {
      StreamWindow each = new StreamWindow(small, 0);
      each.came(StreamWindow.BELIEVED);
      each.given(0, ROUND_TRIP_MICROS);
      each.given(1, ROUND_TRIP_MICROS);
    }

    assertThat(small.left()).isBetween(1L, 16L * StreamWindow.FIRST);
    assertThat(small.takes(1)).isTrue();
  }

  @Test
  void leavesWhatItHadToOthersAndWantsNothingMore() {
    taken(StreamWindow.BELIEVED, ROUND_TRIP_NANOS);
    assertThat(taken(StreamWindow.FIRST / 2, ROUND_TRIP_NANOS)).isPositive();
    window.close();

    window.came(StreamWindow.MOST);
    assertThat(window.due()).isZero();
    assertThat(budget.left()).isEqualTo(ENOUGH);
  }

  /** By how much it is wider for it. */
  private int taken(int bytes, long afterNanos) {
    now += afterNanos;
    window.came(bytes);
    assertThat(window.due()).isEqualTo(bytes);
    return window.given(now, ROUND_TRIP_MICROS);
  }
}
