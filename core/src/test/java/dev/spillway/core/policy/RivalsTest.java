package dev.spillway.core.policy;

import static dev.spillway.core.model.WorkloadClass.BATCH_INFERENCE;
import static dev.spillway.core.model.WorkloadClass.ONLINE_INFERENCE;
import static dev.spillway.core.policy.Denials.NOTHING;
import static dev.spillway.core.policy.Story.CHATGPT;
import static dev.spillway.core.policy.Story.EU;
import static dev.spillway.core.policy.Story.GROK_2;
import static dev.spillway.core.policy.Story.NOW;
import static dev.spillway.core.policy.Story.US;
import static dev.spillway.core.policy.Story.XAI;
import static dev.spillway.core.policy.Story.XAI_TENANT;
import static dev.spillway.core.policy.Story.compiled;
import static dev.spillway.core.policy.Story.heading;
import static dev.spillway.core.policy.Story.names;
import static dev.spillway.core.policy.Story.problems;
import static dev.spillway.core.policy.Story.second;
import static dev.spillway.core.policy.Story.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RivalsTest {
  private static final DeploymentId GROK_CHICAGO = new DeploymentId("grok-chicago");

  private final Tenant chatgpt =
      tenant(CHATGPT, List.of(ONLINE_INFERENCE), List.of(), List.of(), GROK_2);
  private final Tenant xai =
      tenant(XAI, List.of(BATCH_INFERENCE), List.of(), List.of(CHATGPT), GROK_2);
  private final String meeting =
      "tenants.xai.rivals: from 2026-06-15 on, xai and its rival chatgpt could both reach"
          + " deployment grok-chicago (expected: a clause that dedicates it, such as"
          + " contract.grok-chicago-apart: {kind: isolation, deployment: grok-chicago, tenants:"
          + " [xai]})";

  @Test
  void mayNotShareADeploymentWhicheverOfThemSaysSo() {
    assertThat(problems(List.of(chatgpt, xai))).containsExactly(meeting);
    assertThat(problems(List.of(xai, chatgpt))).containsExactly(meeting);
  }

  @Test
  void areNamedOnceWhenBothSaySo() {
    var both = tenant(CHATGPT, List.of(ONLINE_INFERENCE), List.of(), List.of(XAI), GROK_2);

    assertThat(problems(List.of(xai, both))).containsExactly(meeting);
  }

  @Test
  void mayDoSoOnceItIsDedicatedToOne() {
    assertThat(problems(List.of(chatgpt, xai), apart("apart", null, null, XAI))).isEmpty();
  }

  @Test
  void mayUseADeploymentThatAnotherClauseKeepsOneFrom() {
    assertThat(problems(List.of(chatgpt, xai), NOTHING.tenants(CHATGPT).models(GROK_2).as("no")))
        .isEmpty();
  }

  @Test
  void areRefusedTheDayOnWhichTheDedicationEnds() {
    assertThat(problems(List.of(chatgpt, xai), apart("apart", null, "2027-01-01", XAI)))
        .singleElement()
        .asString()
        .startsWith("tenants.xai.rivals: from 2027-01-01 on, ");
  }

  @Test
  void areRefusedOnceHoweverOftenTheContractChanges() {
    assertThat(
            problems(
                List.of(chatgpt, xai),
                new Clause.Residency(
                    heading("r", "2026-08-01", "2026-09-01"), List.of(), List.of(US, EU))))
        .containsExactly(meeting);
  }

  @Test
  void mayHaveMetBeforeToday() {
    assertThat(problems(List.of(chatgpt, xai), apart("apart", "2026-06-15", null, XAI))).isEmpty();
    assertThat(problems(List.of(chatgpt, xai), apart("apart", "2026-06-16", null, XAI)))
        .containsExactly(meeting);
  }

  @Test
  void countFromTheVerySecond() {
    var contract = new Contract(List.of(apart("apart", "2026-06-16", null, XAI)));
    long midnight = Story.second("2026-06-16T00:00:00Z");

    assertThat(compile(contract, midnight)).isInstanceOf(Compilation.Compiled.class);
    assertThat(compile(contract, midnight - 1)).isInstanceOf(Compilation.Refused.class);
  }

  @Test
  void mayNotBeDedicatedTheSameDeployment() {
    assertThat(problems(List.of(chatgpt, xai), apart("together", null, null, XAI, CHATGPT)))
        .containsExactly(
            "contract.together.tenants: xai and chatgpt are rivals (expected: tenants that may"
                + " share grok-chicago)");
  }

  /** Until July the deployment was dedicated to nobody; that it could be shared then is history. */
  @Test
  void haveWithheldWhatTheyCouldHaveSharedBeforeToday() {
    var chatgpt = tenant(CHATGPT, List.of(ONLINE_INFERENCE), List.of(), List.of(), GROK_2);
    var dedicated =
        new Clause.Isolation(
            heading("xai-apart", "2026-06-01", null),
            new DeploymentId("grok-chicago"),
            List.of(Story.XAI));
    var policy = compiled(List.of(chatgpt, XAI_TENANT), dedicated);
    var before = second("2026-05-31T23:59:59Z");
    var xai = new Ask(Story.XAI, ONLINE_INFERENCE, GROK_2, List.of());
    var rival = new Ask(CHATGPT, ONLINE_INFERENCE, GROK_2, List.of());

    assertThat(names(policy.allowed(xai, NOW))).containsExactly("grok-chicago");
    assertThat(policy.allowed(rival, NOW).isEmpty()).isTrue();
    assertThat(policy.allowed(xai, before).isEmpty()).isTrue();
    assertThat(policy.allowed(rival, before).isEmpty()).isTrue();
    assertThat(policy.explain(xai, before))
        .containsExactly(
            new RuledOut(
                new DeploymentId("grok-chicago"),
                new ClauseId("spillway:rivals"),
                "a rival could reach it too"));
  }

  private Compilation compile(Contract contract, long now) {
    return PolicyCompiler.compile(Story.TOPOLOGY, List.of(chatgpt, xai), contract, now);
  }

  private static Clause apart(
      String id, @Nullable String from, @Nullable String until, TenantId... tenants) {
    return new Clause.Isolation(heading(id, from, until), GROK_CHICAGO, List.of(tenants));
  }
}
