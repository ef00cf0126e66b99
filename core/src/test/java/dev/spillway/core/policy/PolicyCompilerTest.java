package dev.spillway.core.policy;

import static dev.spillway.core.model.WorkloadClass.ONLINE_INFERENCE;
import static dev.spillway.core.model.WorkloadClass.PRETRAINING;
import static dev.spillway.core.policy.Denials.NOTHING;
import static dev.spillway.core.policy.Story.AZURE_AI;
import static dev.spillway.core.policy.Story.CHATGPT;
import static dev.spillway.core.policy.Story.GPT_4O;
import static dev.spillway.core.policy.Story.GROK_2;
import static dev.spillway.core.policy.Story.ORACLE;
import static dev.spillway.core.policy.Story.TENANTS;
import static dev.spillway.core.policy.Story.US;
import static dev.spillway.core.policy.Story.heading;
import static dev.spillway.core.policy.Story.problems;
import static dev.spillway.core.policy.Story.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.Topology;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PolicyCompilerTest {
  private static final TenantId NOBODY = new TenantId("nobody");
  private static final DeploymentId GROK_CHICAGO = new DeploymentId("grok-chicago");

  @Nested
  class Names {
    @Test
    void ofAResidency() {
      assertThat(
              refused(
                  new Clause.Residency(
                      heading("r"), List.of(NOBODY), List.of(US, new Geography("mars")))))
          .containsExactly(
              "contract.r.tenants: nobody (expected: one of chatgpt, labs, xai)",
              "contract.r.geographies: mars (expected: one of us, eu)");
    }

    @Test
    void ofAWorkloadClass() {
      assertThat(
              refused(
                  new Clause.WorkloadPlacement(
                      heading("w"), PRETRAINING, List.of(new SiteId("azure-westus9")))))
          .containsExactly(
              "contract.w.sites: azure-westus9 (expected: one of azure-eastus2, oci-chicago,"
                  + " oci-frankfurt, oci-nowhere)");
    }

    @Test
    void ofALicence() {
      assertThat(
              refused(
                  new Clause.Licence(
                      heading("l"),
                      List.of(new ModelName("gpt-9")),
                      List.of(AZURE_AI, new PlatformId("acme-ai")))))
          .containsExactly(
              "contract.l.models: gpt-9 (expected: one of gpt-4o, grok-2)",
              "contract.l.platforms: acme-ai (expected: one of azure-ai)");
    }

    @Test
    void ofAnIsolation() {
      assertThat(
              refused(
                  new Clause.Isolation(
                      heading("xai-apart"), new DeploymentId("chat-x"), List.of(NOBODY))))
          .containsExactly(
              "contract.xai-apart.deployment: chat-x (expected: one of chat-home, chat-chicago,"
                  + " chat-frankfurt, chat-nowhere, grok-chicago)",
              "contract.xai-apart.tenants: nobody (expected: one of chatgpt, labs, xai)");
    }

    @Test
    void ofACap() {
      assertThat(
              refused(
                  new Clause.Cap(
                      heading("c"), new ProviderId("cirrus"), NanoUsd.ZERO, null, Period.DAY)))
          .containsExactly("contract.c.provider: cirrus (expected: one of microsoft, oracle)");
    }

    @Test
    void ofADenial() {
      var all =
          NOTHING
              .tenants(NOBODY)
              .models(new ModelName("m"))
              .sites(new SiteId("s"))
              .providers(new ProviderId("p"))
              .deployments(new DeploymentId("d"))
              .geographies(new Geography("g"));

      assertThat(refused(all.as("no")))
          .extracting(problem -> problem.substring(0, problem.indexOf(" (expected: one of ")))
          .containsExactly(
              "contract.no.tenants: nobody",
              "contract.no.models: m",
              "contract.no.sites: s",
              "contract.no.providers: p",
              "contract.no.deployments: d",
              "contract.no.geographies: g");
    }

    @Test
    void ofATenant() {
      var odd =
          tenant(
              CHATGPT,
              List.of(ONLINE_INFERENCE),
              List.of(new Geography("mars")),
              List.of(NOBODY),
              new ModelName("gpt-9"));

      assertThat(problems(List.of(odd)))
          .containsExactly(
              "tenants.chatgpt.residency: mars (expected: one of us, eu)",
              "tenants.chatgpt.rivals: nobody (expected: one of chatgpt)",
              "tenants.chatgpt.models: gpt-9 (expected: one of gpt-4o, grok-2)");
    }

    @Test
    void areShownUpToADozen() {
      assertThat(problems(crowd(12), NOTHING.tenants(NOBODY).as("no")))
          .containsExactly(
              "contract.no.tenants: nobody (expected: one of t1, t2, t3, t4, t5, t6, t7, t8, t9,"
                  + " t10, t11, t12)");
      assertThat(problems(crowd(14), NOTHING.tenants(NOBODY).as("no")))
          .containsExactly(
              "contract.no.tenants: nobody (expected: one of t1, t2, t3, t4, t5, t6, t7, t8, t9,"
                  + " t10, t11, t12 and 2 more)");
    }

    @Test
    void ofWhichThereAreNone() {
      var bare = new Topology(AZURE_AI, List.of(), List.of());
      var contract = new Contract(List.of(NOTHING.models(GPT_4O).as("no")));

      assertThat(PolicyCompiler.compile(bare, List.of(), contract, Story.NOW))
          .isEqualTo(
              new Compilation.Refused(
                  List.of(
                      new PolicyProblem(
                          "contract.no.models",
                          "gpt-4o (expected: nothing: the file names none to choose from)"))));
    }

    private static List<Tenant> crowd(int size) {
      return IntStream.rangeClosed(1, size)
          .mapToObj(i -> new TenantId("t" + i))
          .map(id -> tenant(id, List.of(ONLINE_INFERENCE), List.of(), List.of()))
          .toList();
    }
  }

  @Nested
  class WhatIsMissing {
    @Test
    void aListThatMustNotBeEmpty() {
      assertThat(
              refused(
                  new Clause.Residency(heading("r"), List.of(), List.of()),
                  new Clause.WorkloadPlacement(heading("w"), PRETRAINING, List.of()),
                  new Clause.Licence(heading("l"), List.of(), List.of()),
                  new Clause.OfferHomeFirst(heading("o"), List.of()),
                  new Clause.Isolation(heading("i"), GROK_CHICAGO, List.of())))
          .containsExactly(
              "contract.r.geographies: none (expected: at least one)",
              "contract.w.sites: none (expected: at least one)",
              "contract.l.models: none (expected: at least one)",
              "contract.l.platforms: none (expected: at least one)",
              "contract.o.classes: none (expected: at least one)",
              "contract.i.tenants: none (expected: at least one)");
    }

    @Test
    void whatACapLimits() {
      assertThat(refused(new Clause.Cap(heading("c"), ORACLE, null, null, Period.DAY)))
          .containsExactly("contract.c: limits nothing (expected: spend, share or both)");
    }

    @Test
    void whatADenialMatches() {
      assertThat(refused(NOTHING.as("no")))
          .containsExactly(
              "contract.no: denies everything (expected: at least one of tenants, classes, models,"
                  + " sites, providers, deployments, geographies)");
    }
  }

  @Nested
  class Bounds {
    @Test
    void ofACap() {
      assertThat(refused(cap(new NanoUsd(-1), -0.01), cap(null, 1.01), cap(null, Double.NaN)))
          .contains(
              "contract.c.spend: -0.000000001 USD (expected: >= 0 USD)",
              "contract.c.share: -0.01 (expected: 0 to 1)",
              "contract.c.share: 1.01 (expected: 0 to 1)",
              "contract.c.share: NaN (expected: 0 to 1)");
      assertThat(problems(TENANTS, cap(NanoUsd.ZERO, 0.0))).isEmpty();
      assertThat(problems(TENANTS, cap(NanoUsd.ZERO, 1.0))).isEmpty();
    }

    @Test
    void ofDates() {
      var same = heading("s", "2026-07-01", "2026-07-01");
      var day = heading("d", "2026-07-01", "2026-07-02");

      assertThat(refused(new Clause.OfferHomeFirst(same, List.of(PRETRAINING))))
          .containsExactly(
              "contract.s.until: 2026-07-01 (expected: after from, which is 2026-07-01)");
      assertThat(problems(TENANTS, new Clause.OfferHomeFirst(day, List.of(PRETRAINING)))).isEmpty();
    }

    private static Clause cap(@Nullable NanoUsd spend, double share) {
      return new Clause.Cap(heading("c"), ORACLE, spend, share, Period.DAY);
    }
  }

  @Nested
  class Ids {
    @Test
    void belongToOneClause() {
      assertThat(refused(NOTHING.models(GPT_4O).as("x"), NOTHING.models(GROK_2).as("x")))
          .containsExactly("contract.x: used twice (expected: an id of its own)");
    }

    @Test
    void belongToOneTenant() {
      assertThat(problems(List.of(Story.LABS_TENANT, Story.LABS_TENANT)))
          .containsExactly("tenants.labs: used twice (expected: an id of its own)");
    }

    @Test
    void ofBuiltInRulesAreReserved() {
      assertThat(refused(NOTHING.models(GPT_4O).as("spillway:mine")))
          .containsExactly(
              "contract.spillway:mine: reserved (expected: an id that does not begin with"
                  + " spillway:)");
    }
  }

  private static List<String> refused(Clause... clauses) {
    return problems(TENANTS, clauses);
  }
}
