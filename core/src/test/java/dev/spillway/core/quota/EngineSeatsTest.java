package dev.spillway.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.provider.EngineReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineSeatsTest {
  private static final long SECOND = 1_000_000_000;
  private static final Demand SMALL = new Demand(100, 10);

  private int unbegun;
  private final EngineSeats seats =
      new EngineSeats(new Capacity.SelfHosted(2, 4, 10_000), EngineTuning.DEFAULT, () -> unbegun);

  @Test
  void hasASeatForEachSequenceOfEachReplica() {
    for (int i = 0; i < 8; i++) {
      assertThat(seats.tryTake(SMALL, 0)).isTrue();
    }

    assertThat(seats.tryTake(SMALL, 0)).isFalse();
  }

  @Test
  void keepsTheCacheBelowItsPlannedShare() {
    assertThat(seats.tryTake(new Demand(15_000, 0), 0)).isTrue();

    assertThat(seats.fits(new Demand(1_001, 0), 0)).isFalse();
    assertThat(seats.fits(new Demand(1_000, 0), 0)).isTrue();
  }

  @Test
  void letsALargeRequestIntoEmptyEngines() {
    assertThat(seats.tryTake(new Demand(17_000, 0), 0)).isTrue();
  }

  @Test
  void loosesTheSeatsOfReplicasThatAreGone() {
    seats.report(new EngineReport(0, 0, 0, 1), 0);

    assertThat(seats.replicas()).isEqualTo(1);
    for (int i = 0; i < 4; i++) {
      assertThat(seats.tryTake(SMALL, 0)).isTrue();
    }
    assertThat(seats.tryTake(SMALL, 0)).isFalse();
  }

  @Test
  void countsWhatOthersSendOnlyWhenTwoReportsShowIt() {
    seats.report(new EngineReport(6, 0, 0, 2), 0);
    assertThat(seats.sequences()).as("may have crossed on the network").isZero();

    seats.report(new EngineReport(7, 0, 0, 2), SECOND);

    assertThat(seats.sequences()).isEqualTo(6);
  }

  @Test
  void doesNotCountItsOwnTwice() {
    seats.take(SMALL, 0);
    seats.take(SMALL, 0);

    seats.report(new EngineReport(2, 0, 0, 2), SECOND);
    seats.report(new EngineReport(2, 0, 0, 2), 2 * SECOND);

    assertThat(seats.sequences()).isEqualTo(2);
  }

  @Test
  void takesNothingNewWhileEveryReplicaHasAQueue() {
    seats.report(new EngineReport(0, 2, 0, 2), 0);

    assertThat(seats.fits(SMALL, SECOND)).isFalse();
  }

  @Test
  void takesAgainWhenAsManyHaveEndedAsWereWaiting() {
    seats.take(SMALL, 0);
    seats.report(new EngineReport(1, 2, 0, 2), 0);

    seats.giveBack(SMALL, SMALL, SECOND);

    assertThat(seats.fits(SMALL, SECOND)).isTrue();
  }

  @Test
  void takesAgainWhenItsOwnThatWaitedHaveBegun() {
    unbegun = 3;
    for (int i = 0; i < unbegun; i++) {
      seats.take(SMALL, 0);
    }
    seats.report(new EngineReport(0, 3, 0, 2), 0);
    assertThat(seats.fits(SMALL, 1)).isFalse();
    assertThat(seats.roomFromNanos()).isEqualTo(3 * SECOND);

    unbegun = 1;

    assertThat(seats.fits(SMALL, 1)).isTrue();
    assertThat(seats.roomFromNanos()).isEqualTo(Headroom.NOW);
  }

  @Test
  void takesNothingNewWhileOthersWaitThoughItsOwnHaveBegun() {
    seats.take(SMALL, 0);
    seats.report(new EngineReport(1, 2, 0, 2), 0);

    assertThat(seats.fits(SMALL, 1)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 2147483647, 5", "2, 2147483647, 0, 1", "2, 2147483647, 2147483647, 1"})
  void takesNothingNewWhateverOthersHaveThere(int reports, int running, int waiting, int begins) {
    unbegun = begins;
    seats.take(SMALL, 0);
    for (int i = 0; i < reports; i++) {
      seats.report(new EngineReport(running, waiting, 0, 2), 0);
    }

    assertThat(seats.fits(SMALL, 1)).isFalse();
  }

  @Test
  void forgetsAQueueThatNoReportConfirms() {
    seats.report(new EngineReport(0, 2, 0, 2), 0);

    assertThat(seats.fits(SMALL, 3 * SECOND)).isTrue();
  }

  @Test
  void refusesToGiveBackWhatWasNotTaken() {
    assertThatThrownBy(() -> seats.giveBack(SMALL, SMALL, 0))
        .isInstanceOf(IllegalStateException.class);
  }
}
