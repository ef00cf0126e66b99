package dev.spillway.core.policy;

import static dev.spillway.core.model.WorkloadClass.BATCH_INFERENCE;
import static dev.spillway.core.model.WorkloadClass.ONLINE_INFERENCE;
import static dev.spillway.core.model.WorkloadClass.PRETRAINING;
import static dev.spillway.core.policy.Story.AZURE_AI;
import static dev.spillway.core.policy.Story.CHATGPT;
import static dev.spillway.core.policy.Story.EU;
import static dev.spillway.core.policy.Story.GPT_4O;
import static dev.spillway.core.policy.Story.GROK_2;
import static dev.spillway.core.policy.Story.HOME;
import static dev.spillway.core.policy.Story.LABS_TENANT;
import static dev.spillway.core.policy.Story.MICROSOFT;
import static dev.spillway.core.policy.Story.NOW;
import static dev.spillway.core.policy.Story.ORACLE;
import static dev.spillway.core.policy.Story.US;
import static dev.spillway.core.policy.Story.chat;
import static dev.spillway.core.policy.Story.compiled;
import static dev.spillway.core.policy.Story.heading;
import static dev.spillway.core.policy.Story.names;
import static dev.spillway.core.policy.Story.pretraining;
import static dev.spillway.core.policy.Story.second;
import static dev.spillway.core.policy.Story.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.policy.CompiledPolicy.Cap;
import dev.spillway.core.policy.CompiledPolicy.Meter;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CompiledPolicyTest {
  private static final List<String> ALL_CHAT =
      List.of("chat-home", "chat-chicago", "chat-frankfurt", "chat-nowhere");
  private static final int CHAT_HOME = 0;
  private static final int CHAT_CHICAGO = 1;

  @Test
  void anEmptyContractAllowsWhatServesTheModel() {
    assertThat(allowed(chat())).isEqualTo(ALL_CHAT);
  }

  @Nested
  class EachKindOfClause {
    @Test
    void residencyKeepsDataInItsGeographies() {
      var eu = new Clause.Residency(heading("eu-only"), List.of(), List.of(EU));
      var both = new Clause.Residency(heading("us-eu"), List.of(), List.of(US, EU));

      assertThat(allowed(chat(), eu)).containsExactly("chat-frankfurt");
      assertThat(allowed(chat(), both)).doesNotContain("chat-nowhere").hasSize(3);
    }

    @Test
    void residencySpeaksOfItsTenantsOnly() {
      var labs = new Clause.Residency(heading("labs-eu"), List.of(Story.LABS), List.of(EU));

      assertThat(allowed(chat(), labs)).isEqualTo(ALL_CHAT);
      assertThat(allowed(pretraining(), labs)).containsExactly("chat-frankfurt");
    }

    @Test
    void aClassRunsAtItsSitesOnly() {
      var home =
          new Clause.WorkloadPlacement(
              heading("pretraining-home"), PRETRAINING, List.of(HOME.id()));

      assertThat(allowed(pretraining(), home)).containsExactly("chat-home");
      assertThat(allowed(chat(), home)).isEqualTo(ALL_CHAT);
    }

    @Test
    void aModelIsServedUnderItsPlatformsOnly() {
      var licence =
          new Clause.Licence(heading("models-exclusive"), List.of(GPT_4O), List.of(AZURE_AI));

      assertThat(allowed(chat(), licence))
          .containsExactly("chat-home", "chat-chicago", "chat-nowhere");
    }

    @Test
    void aLicenceSaysNothingOfOtherModels() {
      var licence =
          new Clause.Licence(heading("grok-exclusive"), List.of(GROK_2), List.of(AZURE_AI));

      assertThat(allowed(chat(), licence)).isEqualTo(ALL_CHAT);
    }

    @Test
    void aDedicatedDeploymentIsForItsTenantsOnly() {
      var apart =
          new Clause.Isolation(
              heading("labs-apart"), new DeploymentId("chat-chicago"), List.of(Story.LABS));

      assertThat(allowed(chat(), apart))
          .containsExactly("chat-home", "chat-frankfurt", "chat-nowhere");
      assertThat(allowed(pretraining(), apart)).isEqualTo(ALL_CHAT);
    }

    @Test
    void homeFirstIsAskedForItsClassesAndExcludesNothing() {
      var online = new Clause.OfferHomeFirst(heading("online"), List.of(ONLINE_INFERENCE));
      var all = new Clause.OfferHomeFirst(heading("all"), List.of(ONLINE_INFERENCE, PRETRAINING));

      var policy = compiled(online, all);

      assertThat(policy.homeFirst(chat(), NOW)).isEqualTo(new ClauseId("online"));
      assertThat(policy.homeFirst(pretraining(), NOW)).isEqualTo(new ClauseId("all"));
      assertThat(compiled(online).homeFirst(pretraining(), NOW)).isNull();
      assertThat(allowed(chat(), online)).isEqualTo(ALL_CHAT);
    }

    @Test
    void capsAreThoseOfTheDeploymentsProvider() {
      var spend = new Clause.Cap(heading("spend"), ORACLE, new NanoUsd(5), null, Period.MONTH);
      var share = new Clause.Cap(heading("share"), ORACLE, null, 0.25, Period.DAY);
      var both = new Clause.Cap(heading("both"), ORACLE, new NanoUsd(9), 0.5, Period.MONTH);
      var other = new Clause.Cap(heading("home"), MICROSOFT, new NanoUsd(7), null, Period.MONTH);

      var policy = compiled(spend, share, both, other);

      assertThat(policy.caps(CHAT_CHICAGO, NOW))
          .containsExactly(
              new Cap(new ClauseId("spend"), 0, new NanoUsd(5), 1),
              new Cap(new ClauseId("share"), 1, null, 0.25),
              new Cap(new ClauseId("both"), 0, new NanoUsd(9), 0.5));
      assertThat(policy.caps(CHAT_HOME, NOW))
          .containsExactly(new Cap(new ClauseId("home"), 2, new NanoUsd(7), 1));
      assertThat(policy.meters())
          .containsExactly(
              new Meter(ORACLE, Period.MONTH),
              new Meter(ORACLE, Period.DAY),
              new Meter(MICROSOFT, Period.MONTH));
      assertThat(allowed(chat(), spend, share)).isEqualTo(ALL_CHAT);
    }

    @Test
    void denialOverridesWhateverElseIsSaid() {
      var here = new Clause.WorkloadPlacement(heading("a"), ONLINE_INFERENCE, List.of(HOME.id()));
      var notHere = Denials.NOTHING.sites(HOME.id()).as("b");

      assertThat(allowed(chat(), here, notHere)).isEmpty();
    }
  }

  @Nested
  class Dates {
    private final Clause dated =
        new Clause.Residency(heading("dated", "2026-07-01", "2026-10-01"), List.of(), List.of(EU));

    @Test
    void aClauseBeginsWithItsFirstSecondAndEndsBeforeItsUntil() {
      var policy = compiled(dated);

      assertThat(at(policy, "2026-06-30T23:59:59Z")).isEqualTo(ALL_CHAT);
      assertThat(at(policy, "2026-07-01T00:00:00Z")).containsExactly("chat-frankfurt");
      assertThat(at(policy, "2026-09-30T23:59:59Z")).containsExactly("chat-frankfurt");
      assertThat(at(policy, "2026-10-01T00:00:00Z")).isEqualTo(ALL_CHAT);
    }

    @Test
    void explanationsChangeAtTheSameSecond() {
      var policy = compiled(dated);

      assertThat(policy.explain(chat(), second("2026-06-30T23:59:59Z"))).isEmpty();
      assertThat(policy.explain(chat(), second("2026-07-01T00:00:00Z"))).hasSize(3);
      assertThat(policy.explain(chat(), second("2026-09-30T23:59:59Z"))).hasSize(3);
      assertThat(policy.explain(chat(), second("2026-10-01T00:00:00Z"))).isEmpty();
    }

    @Test
    void openDatesReachForEver() {
      var until = new Clause.Residency(heading("a", null, "2026-01-01"), List.of(), List.of(EU));
      var from = new Clause.Residency(heading("b", "2027-01-01", null), List.of(), List.of(US));

      var policy = compiled(until, from);

      assertThat(names(policy.allowed(chat(), Long.MIN_VALUE))).containsExactly("chat-frankfurt");
      assertThat(names(policy.allowed(chat(), NOW))).isEqualTo(ALL_CHAT);
      assertThat(names(policy.allowed(chat(), Long.MAX_VALUE)))
          .containsExactly("chat-home", "chat-chicago");
    }

    @Test
    void homeFirstAndCapsKeepTheirDatesToo() {
      var first = heading("first", "2026-07-01", null);
      var cap = heading("cap", null, "2026-07-01");
      var policy =
          compiled(
              new Clause.OfferHomeFirst(first, List.of(ONLINE_INFERENCE)),
              new Clause.Cap(cap, ORACLE, NanoUsd.ZERO, null, Period.YEAR));

      assertThat(policy.homeFirst(chat(), second("2026-06-30T23:59:59Z"))).isNull();
      assertThat(policy.homeFirst(chat(), second("2026-07-01T00:00:00Z"))).isEqualTo(first.id());
      assertThat(policy.caps(CHAT_CHICAGO, second("2026-06-30T23:59:59Z"))).hasSize(1);
      assertThat(policy.caps(CHAT_CHICAGO, second("2026-07-01T00:00:00Z"))).isEmpty();
    }

    private static List<String> at(CompiledPolicy policy, String instant) {
      return names(policy.allowed(chat(), second(instant)));
    }
  }

  @Nested
  class WhatIsNotKnownIsRefused {
    @Test
    void anUnknownTenant() {
      assertRefused(new Ask(new TenantId("mallory"), ONLINE_INFERENCE, GPT_4O, List.of()));
    }

    @Test
    void aClassThatWasNotGranted() {
      assertRefused(new Ask(CHATGPT, BATCH_INFERENCE, GPT_4O, List.of()));
    }

    @Test
    void aModelThatWasNotGranted() {
      assertRefused(new Ask(CHATGPT, ONLINE_INFERENCE, GROK_2, List.of()));
    }

    @Test
    void aModelThatNothingServes() {
      var ask = new Ask(CHATGPT, ONLINE_INFERENCE, new ModelName("gpt-9"), List.of());

      assertThat(compiled().allowed(ask, NOW).isEmpty()).isTrue();
      assertThat(compiled().explain(ask, NOW)).isEmpty();
    }

    @Test
    void aGeographyThatNoSiteHas() {
      var ask = new Ask(CHATGPT, ONLINE_INFERENCE, GPT_4O, List.of(new Geography("mars")));

      assertThat(compiled().allowed(ask, NOW).isEmpty()).isTrue();
    }

    @Test
    void aSiteThatNobodySaysWhereItIs() {
      var everywhere = new Ask(CHATGPT, ONLINE_INFERENCE, GPT_4O, List.of(US, EU));

      assertThat(names(compiled().allowed(everywhere, NOW)))
          .containsExactly("chat-home", "chat-chicago", "chat-frankfurt");
    }

    private static void assertRefused(Ask ask) {
      assertThat(compiled().allowed(ask, NOW).isEmpty()).isTrue();
      assertThat(compiled().explain(ask, NOW))
          .isNotEmpty()
          .extracting(RuledOut::clause)
          .containsOnly(new ClauseId("spillway:grant"));
    }
  }

  @Nested
  class Grants {
    @Test
    void noModelListGrantsAllModels() {
      var all = tenant(CHATGPT, List.of(ONLINE_INFERENCE), List.of(), List.of());
      var grok = new Ask(CHATGPT, ONLINE_INFERENCE, GROK_2, List.of());

      var policy = compiled(List.of(all));

      assertThat(names(policy.allowed(grok, NOW))).containsExactly("grok-chicago");
      assertThat(names(policy.allowed(chat(), NOW))).isEqualTo(ALL_CHAT);
    }

    @Test
    void aTenantsResidencyNeedsNoClause() {
      var european = tenant(CHATGPT, List.of(ONLINE_INFERENCE), List.of(EU), List.of(), GPT_4O);

      var policy = compiled(List.of(european, LABS_TENANT));

      assertThat(names(policy.allowed(chat(), NOW))).containsExactly("chat-frankfurt");
      assertThat(names(policy.allowed(pretraining(), NOW))).isEqualTo(ALL_CHAT);
    }

    @Test
    void aRequestNarrowsItsTenantsResidencyAndNeverWidensIt() {
      var american = tenant(CHATGPT, List.of(ONLINE_INFERENCE), List.of(US), List.of(), GPT_4O);
      var policy = compiled(List.of(american));

      var same = new Ask(CHATGPT, ONLINE_INFERENCE, GPT_4O, List.of(US, EU));
      var elsewhere = new Ask(CHATGPT, ONLINE_INFERENCE, GPT_4O, List.of(EU));

      assertThat(names(policy.allowed(same, NOW))).containsExactly("chat-home", "chat-chicago");
      assertThat(policy.allowed(elsewhere, NOW).isEmpty()).isTrue();
    }
  }

  private static List<String> allowed(Ask ask, Clause... clauses) {
    return names(compiled(clauses).allowed(ask, NOW));
  }
}
