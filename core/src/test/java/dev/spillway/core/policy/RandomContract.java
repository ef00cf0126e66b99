package dev.spillway.core.policy;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.NanoUsd;
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
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes platforms, tenants and contracts at random: small enough to meet often in one place, odd
 * enough to hold every kind of clause, open and closed dates, and sites that lack a label.
 */
public final class RandomContract {
  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 1);
  private static final int DAYS = 400;
  private static final long SECONDS_PER_DAY = 86_400;

  private static final List<Geography> GEOGRAPHIES =
      List.of(new Geography("us"), new Geography("eu"), new Geography("ap"));
  private static final List<ProviderId> PROVIDERS =
      List.of(new ProviderId("microsoft"), new ProviderId("oracle"), new ProviderId("cirrus"));
  private static final List<PlatformId> PLATFORMS =
      List.of(new PlatformId("azure-ai"), new PlatformId("other-ai"));
  private static final List<ModelName> MODELS =
      List.of(new ModelName("gpt-4o"), new ModelName("grok-2"), new ModelName("phi-4"));
  private static final List<TenantId> TENANTS =
      List.of(
          new TenantId("chatgpt"),
          new TenantId("labs"),
          new TenantId("xai"),
          new TenantId("contoso"));

  private final RandomGenerator random;
  private final List<Site> sites;
  private final Topology topology;
  private final List<TenantId> known;
  private final List<Tenant> tenants;
  private final Contract contract;

  /** Makes one; the same for the same state of {@code random}, from which asks are drawn later. */
  public RandomContract(RandomGenerator random) {
    this.random = random;
    this.sites = many(1, 4, this::site);
    this.topology = new Topology(PLATFORMS.getFirst(), sites, many(1, 8, this::deployment));
    this.known = TENANTS.subList(0, between(1, TENANTS.size()));
    this.tenants = known.stream().map(this::tenant).toList();
    this.contract = new Contract(many(0, 6, this::clause));
  }

  private RandomContract(RandomContract other, List<Tenant> tenants) {
    this.random = other.random;
    this.sites = other.sites;
    this.topology = other.topology;
    this.known = other.known;
    this.tenants = tenants;
    this.contract = other.contract;
  }

  /** The same, but that everybody gets on. */
  public RandomContract withoutRivals() {
    return new RandomContract(this, tenants.stream().map(RandomContract::withoutRivals).toList());
  }

  /** What there is to use. */
  public Topology topology() {
    return topology;
  }

  /** Who may ask. */
  public List<Tenant> tenants() {
    return tenants;
  }

  /** What was agreed. */
  public Contract contract() {
    return contract;
  }

  /** A request: mostly for what its tenant may ask for, now and then by a stranger. */
  public Ask ask() {
    List<Geography> residency = one(6) ? some(GEOGRAPHIES) : List.of();
    if (one(4)) {
      return new Ask(any(TENANTS), workload(), any(MODELS), residency);
    }
    Tenant tenant = any(tenants);
    List<ModelName> granted = tenant.models().isEmpty() ? models() : tenant.models();
    return new Ask(tenant.id(), any(tenant.classes()), any(granted), residency);
  }

  /** When it may be asked: often the first or the last second before something changes. */
  public long second() {
    if (contract.clauses().isEmpty() || one(3)) {
      return firstSecondOf(day()) + random.nextLong(SECONDS_PER_DAY);
    }
    Clause.Heading heading = any(contract.clauses()).heading();
    LocalDate change = one(2) ? heading.from() : heading.until();
    return firstSecondOf(change == null ? day() : change) - random.nextInt(2);
  }

  private Site site(int number) {
    return new Site(
        new SiteId("site-" + number),
        any(PROVIDERS),
        one(3) ? Site.Role.HOME : Site.Role.PARTNER,
        one(6) ? null : any(GEOGRAPHIES),
        one(2) ? any(PLATFORMS) : null,
        Duration.ofMillis(random.nextInt(60)));
  }

  private Deployment deployment(int number) {
    return new Deployment(
        new DeploymentId("deployment-" + number),
        any(sites),
        any(MODELS),
        null,
        capacity(),
        new Price(random.nextLong(5_000_000_000L), 0, random.nextLong(20_000_000_000L), 0),
        new Speed(10 + random.nextInt(100), 2_000 + random.nextInt(20_000), 10, 0.2),
        one(8) ? 2_000 : 128_000);
  }

  private Capacity capacity() {
    return switch (random.nextInt(3)) {
      case 0 -> new Capacity.Provisioned(between(1, 50), 2_500, 3);
      case 1 -> new Capacity.SelfHosted(between(1, 4), between(1, 32), 200_000);
      default -> new Capacity.OnDemand(between(1, 50));
    };
  }

  private Tenant tenant(TenantId id) {
    List<TenantId> others = known.stream().filter(other -> !other.equals(id)).toList();
    return new Tenant(
        id,
        some(List.of(WorkloadClass.values())),
        any(List.of(Priority.values())),
        one(4) ? some(geographies()) : List.of(),
        one(6) ? some(others) : List.of(),
        one(2) ? some(models()) : List.of(),
        TenantLimits.NONE);
  }

  private static Tenant withoutRivals(Tenant tenant) {
    return new Tenant(
        tenant.id(),
        tenant.classes(),
        tenant.priority(),
        tenant.residency(),
        List.of(),
        tenant.models(),
        tenant.limits());
  }

  private Clause clause(int number) {
    Clause.Heading heading = heading(number);
    return switch (random.nextInt(geographies().isEmpty() ? 6 : 7)) {
      case 0 -> new Clause.WorkloadPlacement(heading, workload(), some(siteIds()));
      case 1 -> new Clause.Licence(heading, some(models()), some(platforms()));
      case 2 -> new Clause.OfferHomeFirst(heading, List.of(workload()));
      case 3 -> new Clause.Isolation(heading, any(deploymentIds()), some(known));
      case 4 -> cap(heading);
      case 5 -> deny(heading);
      default ->
          new Clause.Residency(heading, one(2) ? some(known) : List.of(), some(geographies()));
    };
  }

  /** Open at both ends, at one, or from a day to a later one. */
  private Clause.Heading heading(int number) {
    LocalDate from = one(2) ? day() : null;
    LocalDate until = one(2) ? (from == null ? day() : from.plusDays(between(1, 90))) : null;
    return new Clause.Heading(new ClauseId("clause-" + number), from, until, "");
  }

  private Clause cap(Clause.Heading heading) {
    NanoUsd spend = new NanoUsd(random.nextLong(1_000_000_000L));
    double share = random.nextInt(101) / 100.0;
    ProviderId provider = any(providers());
    Period per = any(List.of(Period.values()));
    return switch (random.nextInt(3)) {
      case 0 -> new Clause.Cap(heading, provider, spend, null, per);
      case 1 -> new Clause.Cap(heading, provider, null, share, per);
      default -> new Clause.Cap(heading, provider, spend, share, per);
    };
  }

  /** Always with one list, the others now and then: most denials would never match otherwise. */
  private Clause deny(Clause.Heading heading) {
    int given = random.nextInt(geographies().isEmpty() ? 6 : 7);
    return new Clause.Deny(
        heading,
        given == 0 || one(4) ? some(known) : List.of(),
        given == 1 || one(4) ? List.of(workload()) : List.of(),
        given == 2 || one(4) ? some(models()) : List.of(),
        given == 3 || one(4) ? some(siteIds()) : List.of(),
        given == 4 || one(4) ? some(providers()) : List.of(),
        given == 5 || one(4) ? some(deploymentIds()) : List.of(),
        given == 6 || one(4) ? some(geographies()) : List.of());
  }

  private List<Geography> geographies() {
    return sites.stream().map(Site::geography).filter(Objects::nonNull).distinct().toList();
  }

  private List<PlatformId> platforms() {
    return Stream.concat(Stream.of(topology.platform()), sites.stream().map(Site::extendsPlatform))
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  private List<ProviderId> providers() {
    return sites.stream().map(Site::provider).distinct().toList();
  }

  private List<SiteId> siteIds() {
    return sites.stream().map(Site::id).toList();
  }

  private List<ModelName> models() {
    return topology.deployments().stream().map(Deployment::model).distinct().toList();
  }

  private List<DeploymentId> deploymentIds() {
    return topology.deployments().stream().map(Deployment::id).toList();
  }

  private WorkloadClass workload() {
    return any(List.of(WorkloadClass.values()));
  }

  private LocalDate day() {
    return FIRST_DAY.plusDays(random.nextInt(DAYS));
  }

  private static long firstSecondOf(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
  }

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  private int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** At least one, unless there is none. */
  private <T> List<T> some(List<T> of) {
    if (of.isEmpty()) {
      return List.of();
    }
    T kept = any(of);
    return of.stream().filter(each -> each.equals(kept) || one(2)).toList();
  }

  private <T> List<T> many(int least, int most, IntFunction<T> make) {
    return IntStream.range(0, between(least, most)).mapToObj(make).toList();
  }
}
