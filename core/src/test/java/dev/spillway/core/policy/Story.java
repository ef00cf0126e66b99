package dev.spillway.core.policy;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.WorkloadClass;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The platform, its partner and their tenants, for tests to vary. */
final class Story {
  static final PlatformId AZURE_AI = new PlatformId("azure-ai");
  static final ModelName GPT_4O = new ModelName("gpt-4o");
  static final ModelName GROK_2 = new ModelName("grok-2");
  static final TenantId CHATGPT = new TenantId("chatgpt");
  static final TenantId XAI = new TenantId("xai");
  static final TenantId LABS = new TenantId("labs");
  static final Geography US = new Geography("us");
  static final Geography EU = new Geography("eu");
  static final ProviderId ORACLE = new ProviderId("oracle");
  static final ProviderId MICROSOFT = new ProviderId("microsoft");

  static final Site HOME = site("azure-eastus2", "microsoft", Site.Role.HOME, "us", null);
  static final Site CHICAGO = site("oci-chicago", "oracle", Site.Role.PARTNER, "us", "azure-ai");
  static final Site FRANKFURT = site("oci-frankfurt", "oracle", Site.Role.PARTNER, "eu", null);
  static final Site NOWHERE = site("oci-nowhere", "oracle", Site.Role.PARTNER, null, "azure-ai");

  /** One deployment of gpt-4o a site, in the order above, then xAI's own. */
  static final Topology TOPOLOGY =
      new Topology(
          AZURE_AI,
          List.of(HOME, CHICAGO, FRANKFURT, NOWHERE),
          List.of(
              deployment("chat-home", HOME, GPT_4O),
              deployment("chat-chicago", CHICAGO, GPT_4O),
              deployment("chat-frankfurt", FRANKFURT, GPT_4O),
              deployment("chat-nowhere", NOWHERE, GPT_4O),
              deployment("grok-chicago", CHICAGO, GROK_2)));

  static final Tenant CHATGPT_TENANT =
      tenant(CHATGPT, List.of(WorkloadClass.ONLINE_INFERENCE), List.of(), List.of(), GPT_4O);
  static final Tenant LABS_TENANT =
      tenant(LABS, List.of(WorkloadClass.PRETRAINING), List.of(), List.of(), GPT_4O);
  static final Tenant XAI_TENANT =
      tenant(XAI, List.of(WorkloadClass.ONLINE_INFERENCE), List.of(), List.of(CHATGPT), GROK_2);
  static final List<Tenant> TENANTS = List.of(CHATGPT_TENANT, LABS_TENANT, XAI_TENANT);

  static final long NOW = second("2026-06-15T12:00:00Z");

  private Story() {}

  static CompiledPolicy compiled(Clause... clauses) {
    return compiled(TENANTS, clauses);
  }

  static CompiledPolicy compiled(List<Tenant> tenants, Clause... clauses) {
    return switch (compile(tenants, clauses)) {
      case Compilation.Compiled(var policy) -> policy;
      case Compilation.Refused(var problems) -> throw new AssertionError(problems);
    };
  }

  static List<String> problems(List<Tenant> tenants, Clause... clauses) {
    return switch (compile(tenants, clauses)) {
      case Compilation.Compiled _ -> List.of();
      case Compilation.Refused(var problems) ->
          problems.stream().map(PolicyProblem::toString).toList();
    };
  }

  static Compilation compile(List<Tenant> tenants, Clause... clauses) {
    return PolicyCompiler.compile(TOPOLOGY, tenants, new Contract(List.of(clauses)), NOW);
  }

  /** The names of those it holds, in the order of the topology. */
  static List<String> names(DeploymentSet set) {
    return TOPOLOGY.deployments().stream()
        .filter(deployment -> set.contains(TOPOLOGY.deployments().indexOf(deployment)))
        .map(deployment -> deployment.id().value())
        .toList();
  }

  static Ask chat() {
    return new Ask(CHATGPT, WorkloadClass.ONLINE_INFERENCE, GPT_4O, List.of());
  }

  static Ask pretraining() {
    return new Ask(LABS, WorkloadClass.PRETRAINING, GPT_4O, List.of());
  }

  static Clause.Heading heading(String id) {
    return new Clause.Heading(new ClauseId(id), null, null, "");
  }

  static Clause.Heading heading(String id, @Nullable String from, @Nullable String until) {
    return new Clause.Heading(
        new ClauseId(id),
        from == null ? null : LocalDate.parse(from),
        until == null ? null : LocalDate.parse(until),
        "");
  }

  static long second(String instant) {
    return Instant.parse(instant).getEpochSecond();
  }

  static Tenant tenant(
      TenantId id,
      List<WorkloadClass> classes,
      List<Geography> residency,
      List<TenantId> rivals,
      ModelName... models) {
    return new Tenant(
        id, classes, Priority.NORMAL, residency, rivals, List.of(models), TenantLimits.NONE);
  }

  static Site site(
      String id,
      String provider,
      Site.Role role,
      @Nullable String geography,
      @Nullable String platform) {
    return new Site(
        new SiteId(id),
        new ProviderId(provider),
        role,
        geography == null ? null : new Geography(geography),
        platform == null ? null : new PlatformId(platform),
        Duration.ZERO);
  }

  static Deployment deployment(String id, Site site, ModelName model) {
    return new Deployment(
        new DeploymentId(id),
        site,
        model,
        null,
        new Capacity.OnDemand(100),
        Price.FREE,
        new Speed(10, 1_000, 10, 1),
        100_000);
  }
}
