package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.admitted;
import static dev.spillway.core.dispatch.Scene.attempt;
import static dev.spillway.core.dispatch.Scene.ruleFor;
import static dev.spillway.core.dispatch.Scene.start;
import static dev.spillway.core.dispatch.Scene.twoSites;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.AdmissionState;
import dev.spillway.core.model.Usage;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.core.routing.Rule;
import org.junit.jupiter.api.Test;

/** What engines say of themselves, and what that rules out for how long. */
class EngineReportsTest {
  private static final Usage NOTHING = Scene.usage(0, 0);

  @Test
  void sendsNothingLongerThanTheEnginesTakeWhateverIsConfigured() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    dispatcher.takes(HOME, 8_192);

    NextStep longer = start(dispatcher, 8_192, 0);
    NextStep shorter = start(dispatcher, 8_191, MILLI);

    assertThat(attempt(longer).deployment()).isEqualTo(PARTNER);
    assertThat(ruleFor(longer, HOME)).isEqualTo(Rule.CONTEXT_TOO_SHORT);
    assertThat(attempt(shorter).deployment()).isEqualTo(HOME);
    assertThat(dispatcher.status(HOME, 0).contextTokens()).isEqualTo(8_192);
  }

  @Test
  void goesByItsConfigurationWhereEnginesTakeMoreOrSayNothing() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    dispatcher.takes(HOME, 8_192);
    dispatcher.takes(PARTNER, 1_000_000);

    NextStep tooLong = start(dispatcher, 200_000, 0);
    dispatcher.takes(HOME, 0);
    NextStep step = start(dispatcher, 20_000, MILLI);

    assertThat(((NextStep.GiveUp) tooLong).failure().kind()).isEqualTo(Kind.CONTEXT_TOO_LONG);
    assertThat(attempt(step).deployment()).isEqualTo(HOME);
    assertThat(dispatcher.status(HOME, 0).contextTokens()).isEqualTo(100_000);
    assertThat(dispatcher.status(PARTNER, 0).contextTokens()).isEqualTo(100_000);
  }

  @Test
  void closesToNewRequestsWhereEnginesReportThatTheyAreSaturated() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    dispatcher.report(HOME, new EngineReport(10, 0, 0.95, 1), 0);
    dispatcher.report(HOME, new EngineReport(10, 0, 0.95, 1), SECOND);

    NextStep step = start(dispatcher, 100, SECOND);

    assertThat(attempt(step).deployment()).isEqualTo(PARTNER);
    assertThat(ruleFor(step, HOME)).isEqualTo(Rule.ADMISSION_CLOSED);
  }

  /** As after an outage elsewhere, when all answers that were cut go on here. */
  @Test
  void staysOpenWhereTheQueueIsOfOurOwn() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    for (int i = 0; i < 8; i++) {
      assertThat(attempt(start(dispatcher, 100, 0)).deployment()).isEqualTo(HOME);
    }
    reports(dispatcher, new EngineReport(0, 8, 0.1, 1));

    assertThat(dispatcher.status(HOME, 13 * SECOND).admissionState())
        .isEqualTo(AdmissionState.NEW_AND_EXISTING);
  }

  @Test
  void closesWhereTheQueueIsOfOthers() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    reports(dispatcher, new EngineReport(0, 8, 0.1, 1));

    assertThat(dispatcher.status(HOME, 13 * SECOND).admissionState())
        .isEqualTo(AdmissionState.NONE);
  }

  @Test
  void forgetsThatEnginesWereSaturatedThatSayNothingAnyMore() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    reports(dispatcher, new EngineReport(10, 20, 0.95, 1));
    assertThat(dispatcher.status(HOME, 13 * SECOND).admissionState())
        .isEqualTo(AdmissionState.NONE);
    assertThat(ruleFor(start(dispatcher, 100, 40 * SECOND), HOME)).isEqualTo(Rule.ADMISSION_CLOSED);

    NextStep step = start(dispatcher, 100, 73 * SECOND);

    assertThat(attempt(step).deployment()).isEqualTo(HOME);
    assertThat(dispatcher.status(HOME, 73 * SECOND).admissionState())
        .isEqualTo(AdmissionState.NEW_AND_EXISTING);
  }

  @Test
  void forgetsTheSeatsOfOthersAtEnginesThatSayNothingAnyMore() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    reports(dispatcher, new EngineReport(10_000, 0, 0.6, 1));
    assertThat(ruleFor(start(dispatcher, 100, 40 * SECOND), HOME)).isEqualTo(Rule.NO_HEADROOM);

    NextStep step = start(dispatcher, 100, 73 * SECOND);

    assertThat(attempt(step).deployment()).isEqualTo(HOME);
    assertThat(dispatcher.status(HOME, 73 * SECOND).saturation()).isLessThan(0.5);
  }

  /** One that is looked at once a minute has not fallen silent after half of it. */
  @Test
  void believesForLongerWhoSaysSomethingRarely() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    for (int i = 0; i < 3; i++) {
      dispatcher.report(HOME, new EngineReport(10_000, 0, 0.6, 1), 60 * SECOND * i);
    }

    assertThat(ruleFor(start(dispatcher, 100, 179 * SECOND), HOME)).isEqualTo(Rule.NO_HEADROOM);
    assertThat(attempt(start(dispatcher, 100, 300 * SECOND)).deployment()).isEqualTo(HOME);
  }

  @Test
  void trustsAnOldReportLessAndLess() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    dispatcher.report(HOME, new EngineReport(0, 0, 0, 1), 0);

    assertThat(uncertainty(dispatcher, SECOND)).isZero();
    assertThat(uncertainty(dispatcher, 12 * SECOND)).isEqualTo(200);
    assertThat(uncertainty(dispatcher, 3_600 * SECOND)).isEqualTo(500);
  }

  /** Every second, the last at 13 s. */
  private static void reports(LiveDispatcher dispatcher, EngineReport report) {
    for (int second = 0; second <= 13; second++) {
      dispatcher.report(HOME, report, second * SECOND);
    }
  }

  private static double uncertainty(LiveDispatcher dispatcher, long now) {
    Journey journey = admitted(dispatcher, 10, now);
    Decision decision = dispatcher.next(journey, now).decision();
    dispatcher.abandoned(journey, 1, NOTHING, now);
    dispatcher.left(journey, now);
    return ((Decision.Considered) decision.verdicts().get(HOME)).prediction().uncertaintyMillis();
  }
}
