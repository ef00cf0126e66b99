package dev.spillway.core.health;

import static dev.spillway.core.health.AdmissionState.EXISTING_ONLY;
import static dev.spillway.core.health.AdmissionState.NEW_AND_EXISTING;
import static dev.spillway.core.health.AdmissionState.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.provider.EngineReport;
import org.junit.jupiter.api.Test;

class AdmissionStatesTest {
  private static final long SECOND = 1_000_000_000;

  private final AdmissionStates states = new AdmissionStates(AdmissionStateTuning.DEFAULT);
  private long now = -3 * SECOND;

  @Test
  void oneBadReportChangesNothing() {
    reports(1, 0.95);
    reports(1, 0.5);
    reports(1, 0.95);

    assertThat(states.now()).isEqualTo(NEW_AND_EXISTING);
  }

  @Test
  void twoBadReportsCloseItByOneState() {
    reports(2, 0.9);

    assertThat(states.now()).isEqualTo(EXISTING_ONLY);
  }

  @Test
  void noStateLastsLessThanTenSeconds() {
    reports(2, 0.9);
    reports(9, 0.9);
    assertThat(states.now()).isEqualTo(EXISTING_ONLY);

    reports(2, 0.9);
    assertThat(states.now()).isEqualTo(NONE);
  }

  @Test
  void threeGoodReportsOpenItByOneState() {
    reports(2, 0.9);
    reports(9, 0.8);
    reports(2, 0.6);
    assertThat(states.now()).isEqualTo(EXISTING_ONLY);

    reports(1, 0.6);
    assertThat(states.now()).isEqualTo(NEW_AND_EXISTING);
  }

  @Test
  void betweenGoodAndBadNothingChanges() {
    reports(2, 0.9);
    reports(60, 0.8);

    assertThat(states.now()).isEqualTo(EXISTING_ONLY);
  }

  @Test
  void aLongQueueIsAsBadAsAFullCache() {
    states.report(new EngineReport(10, 14, 0.1, 2), 20, now);
    states.report(new EngineReport(10, 14, 0.1, 2), 20, now + SECOND);

    assertThat(states.saturation()).isEqualTo(14 / 16.0);
    assertThat(states.now()).isEqualTo(EXISTING_ONLY);
  }

  @Test
  void aQueueOfOurOwnIsNone() {
    states.report(new EngineReport(10, 14, 0.1, 2), 4, now);
    states.report(new EngineReport(10, 14, 0.1, 2), 4, now + SECOND);

    assertThat(states.saturation()).isEqualTo(4 / 16.0);
    assertThat(states.now()).isEqualTo(NEW_AND_EXISTING);
  }

  private void reports(int count, double kvUse) {
    for (int i = 0; i < count; i++) {
      now += SECOND;
      states.report(new EngineReport(1, 0, kvUse, 1), 0, now);
    }
  }
}
