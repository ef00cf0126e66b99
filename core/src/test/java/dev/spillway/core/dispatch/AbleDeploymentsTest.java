package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.dispatch.RequestShape.Answer;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Topology;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.core.routing.Rule;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Requests that not every deployment can serve. */
class AbleDeploymentsTest {
  private final Tenant tenant = Scene.chatgpt();
  private final Topology topology =
      Scene.topology(Scene.home(Scene.engines(1, 8)), Scene.partner(Scene.engines(1, 8)));

  @Test
  void goesWhereItCanBeServedThoughAnotherIsCheaper() {
    NextStep step = start(Scene.dispatcher(topology), PARTNER);

    assertThat(step)
        .isInstanceOfSatisfying(
            NextStep.Attempt.class, attempt -> assertThat(attempt.deployment()).isEqualTo(PARTNER));
    assertThat(step.decision().verdicts().get(HOME))
        .isInstanceOfSatisfying(
            Decision.Unavailable.class, home -> assertThat(home.rule()).isEqualTo(Rule.UNABLE));
  }

  @Test
  void isForbiddenByTheClauseOfTheOneThatCouldServeIt() {
    Clause deny =
        new Clause.Deny(
            Scene.heading("no-partner"),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(Scene.PARTNER_SITE.provider()),
            List.of(),
            List.of());

    NextStep step = start(Scene.dispatcher(topology, deny), PARTNER);

    assertThat(step)
        .isInstanceOfSatisfying(
            NextStep.Forbidden.class,
            forbidden ->
                assertThat(forbidden.clauses())
                    .singleElement()
                    .satisfies(each -> assertThat(each.clause().value()).isEqualTo("no-partner")));
  }

  @Test
  void goesNowhereElseWhenTheOneFails() {
    LiveDispatcher dispatcher = Scene.dispatcher(topology);
    Journey journey = journey(PARTNER);
    dispatcher.admit(journey, SECOND);
    dispatcher.next(journey, SECOND);

    dispatcher.failed(
        journey, 1, Scene.failure(Kind.MISCONFIGURED, null), Scene.usage(0, 0), SECOND);

    assertThat(dispatcher.next(journey, SECOND)).isInstanceOf(NextStep.GiveUp.class);
  }

  private NextStep start(LiveDispatcher dispatcher, int able) {
    Journey journey = journey(able);
    dispatcher.admit(journey, SECOND);
    return dispatcher.next(journey, SECOND);
  }

  private Journey journey(int able) {
    return new Journey(
        new Ask(tenant.id(), tenant.classes().getFirst(), Scene.MODEL, List.of()),
        tenant,
        Scene.OBJECTIVE,
        new RequestShape(100, 200, 0, Answer.STREAMED),
        SECOND,
        Scene.EPOCH_SECOND,
        Deadline.at(SECOND + Scene.OBJECTIVE.deadline().toNanos()),
        Set.of(topology.deployments().get(able).id()));
  }
}
