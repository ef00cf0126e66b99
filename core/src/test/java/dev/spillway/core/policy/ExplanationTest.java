package dev.spillway.core.policy;

import static dev.spillway.core.model.WorkloadClass.ONLINE_INFERENCE;
import static dev.spillway.core.model.WorkloadClass.PRETRAINING;
import static dev.spillway.core.policy.Story.AZURE_AI;
import static dev.spillway.core.policy.Story.CHATGPT;
import static dev.spillway.core.policy.Story.EU;
import static dev.spillway.core.policy.Story.GPT_4O;
import static dev.spillway.core.policy.Story.GROK_2;
import static dev.spillway.core.policy.Story.HOME;
import static dev.spillway.core.policy.Story.NOW;
import static dev.spillway.core.policy.Story.US;
import static dev.spillway.core.policy.Story.chat;
import static dev.spillway.core.policy.Story.compiled;
import static dev.spillway.core.policy.Story.heading;
import static dev.spillway.core.policy.Story.pretraining;
import static dev.spillway.core.policy.Story.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  @Test
  void namesTheClauseForEachDeploymentThatIsRuledOut() {
    var home =
        new Clause.WorkloadPlacement(
            new Clause.Heading(
                new ClauseId("pretraining-home"),
                null,
                null,
                "pre-training runs on supercomputers built with Microsoft"),
            PRETRAINING,
            List.of(HOME.id()));

    assertThat(said(compiled(home), pretraining()))
        .containsExactly(
            "chat-chicago, pretraining-home: pretraining runs at azure-eastus2 only: pre-training"
                + " runs on supercomputers built with Microsoft",
            "chat-frankfurt, pretraining-home: pretraining runs at azure-eastus2 only: pre-training"
                + " runs on supercomputers built with Microsoft",
            "chat-nowhere, pretraining-home: pretraining runs at azure-eastus2 only: pre-training"
                + " runs on supercomputers built with Microsoft");
    assertThat(said(compiled(home), chat())).isEmpty();
  }

  @Test
  void citesTheFirstOfSeveralClausesAsWritten() {
    var eu = new Clause.Residency(heading("eu-only"), List.of(), List.of(EU));
    var licence = new Clause.Licence(heading("licence"), List.of(GPT_4O), List.of(AZURE_AI));

    assertThat(said(compiled(eu, licence), chat()))
        .containsExactly(
            "chat-home, eu-only: data stays in eu",
            "chat-chicago, eu-only: data stays in eu",
            "chat-frankfurt, licence: gpt-4o served under azure-ai only",
            "chat-nowhere, eu-only: data stays in eu");
    assertThat(said(compiled(licence, eu), chat()))
        .contains("chat-frankfurt, licence: gpt-4o served under azure-ai only");
  }

  @Test
  void citesTheRequestsResidencyThenItsTenantsThenTheContract() {
    var american = tenant(CHATGPT, List.of(ONLINE_INFERENCE), List.of(US), List.of(), GPT_4O);
    var ask = new Ask(CHATGPT, ONLINE_INFERENCE, GPT_4O, List.of(US, EU));

    var policy = compiled(List.of(american), Denials.NOTHING.models(GPT_4O).as("no-chat"));

    assertThat(said(policy, ask))
        .containsExactly(
            "chat-home, no-chat: denied",
            "chat-chicago, no-chat: denied",
            "chat-frankfurt, spillway:residency: data stays in us: the tenant's residency",
            "chat-nowhere, spillway:residency: data stays in us, eu: the request's residency");
  }

  @Test
  void saysWhatWasNotGranted() {
    var grok = new Ask(CHATGPT, ONLINE_INFERENCE, GROK_2, List.of());
    var training = new Ask(CHATGPT, PRETRAINING, GROK_2, List.of());
    var stranger = new Ask(new TenantId("mallory"), PRETRAINING, GROK_2, List.of());

    assertThat(said(compiled(), grok))
        .containsExactly("grok-chicago, spillway:grant: grok-2 is not granted to chatgpt");
    assertThat(said(compiled(), training))
        .containsExactly("grok-chicago, spillway:grant: pretraining is not granted to chatgpt");
    assertThat(said(compiled(), stranger))
        .containsExactly("grok-chicago, spillway:grant: there is no tenant mallory");
  }

  @Test
  void doesNotTellOneTenantAboutAnother() {
    var apart =
        new Clause.Isolation(
            heading("apart"), new DeploymentId("chat-chicago"), List.of(Story.LABS));

    assertThat(said(compiled(apart), chat()))
        .containsExactly("chat-chicago, apart: chat-chicago is dedicated to others");
  }

  private static List<String> said(CompiledPolicy policy, Ask ask) {
    return policy.explain(ask, NOW).stream()
        .map(out -> out.deployment() + ", " + out.clause() + ": " + out.because())
        .toList();
  }
}
