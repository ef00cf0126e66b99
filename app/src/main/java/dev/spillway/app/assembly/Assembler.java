package dev.spillway.app.assembly;

import static java.util.stream.Collectors.joining;

import dev.spillway.app.config.CapacityConfig;
import dev.spillway.app.config.DeploymentConfig;
import dev.spillway.app.config.SpillwayConfig;
import dev.spillway.app.yaml.Bound;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.app.yaml.Places;
import dev.spillway.app.yaml.Problem;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Topology;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.policy.Compilation;
import dev.spillway.core.policy.Contract;
import dev.spillway.core.policy.PolicyCompiler;
import dev.spillway.simulator.engine.EngineProfile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns one file into core's words, and finds what only the whole shows: names that nothing has,
 * clauses that cannot be meant, rivals that could meet.
 */
public final class Assembler {
  private static final int NAMES_SHOWN = 12;

  private final SpillwayConfig config;
  private final Places places;
  private final List<String> dialects;
  private final List<Problem> problems = new ArrayList<>();

  private Assembler(Bound<SpillwayConfig> bound, List<String> dialects) {
    this.config = bound.value();
    this.places = bound.places();
    this.dialects = dialects;
  }

  /**
   * Assembles a configuration.
   *
   * @param file how errors call it
   * @param dialects those that deployments may name
   * @param now rivals must not meet from then on
   * @throws InvalidFileException if it cannot be put in force; it names every problem with its line
   */
  public static Assembly assemble(
      String file, Bound<SpillwayConfig> bound, List<String> dialects, Instant now)
      throws InvalidFileException {
    Assembler assembler = new Assembler(bound, dialects);
    Assembly assembly = assembler.assemble(now);
    if (assembly == null) {
      throw new InvalidFileException(file, assembler.problems);
    }
    return assembly;
  }

  /** Null if there are problems; the contract is judged only by names that exist. */
  private @Nullable Assembly assemble(Instant now) {
    Map<SiteId, Site> sites = new LinkedHashMap<>();
    config.sites().forEach((id, site) -> sites.put(id, site.named(id)));
    List<Deployment> deployments = deployments(sites);
    List<Tenant> tenants = tenants();
    checkAliases();
    if (!problems.isEmpty()) {
      return null;
    }
    Topology topology = new Topology(config.platform(), List.copyOf(sites.values()), deployments);
    List<Clause> clauses = new ArrayList<>();
    config.contract().forEach((id, clause) -> clauses.add(clause.named(id)));
    Contract contract = new Contract(clauses);
    return switch (PolicyCompiler.compile(topology, tenants, contract, now.getEpochSecond())) {
      case Compilation.Compiled(var policy) ->
          new Assembly(config, topology, tenants, contract, policy);
      case Compilation.Refused(var refused) -> {
        refused.forEach(each -> problem(each.path(), each.message()));
        yield null;
      }
    };
  }

  private List<Tenant> tenants() {
    List<Tenant> tenants = new ArrayList<>();
    config
        .tenants()
        .forEach((id, tenant) -> {
          if (tenant.rivals().contains(id)) {
            problem("tenants." + id + ".rivals", id + " itself (expected: other tenants)");
          } else {
            tenants.add(tenant.named(id));
          }
        });
    return tenants;
  }

  private List<Deployment> deployments(Map<SiteId, Site> sites) {
    List<Deployment> deployments = new ArrayList<>();
    config
        .deployments()
        .forEach((id, each) -> {
          String path = "deployments." + id;
          Site site = sites.get(each.site());
          if (site == null) {
            unknown(path + ".site", each.site().value(), names(sites.keySet()));
          }
          if (!dialects.contains(each.dialect())) {
            unknown(path + ".dialect", each.dialect(), dialects);
          }
          if (each.link() != null) {
            checkLink(path, each);
          }
          Optional<EngineProfile> engine = engine(path, each);
          if (site != null && engine.isPresent()) {
            deployments.add(deployment(id, site, each, engine.get()));
          }
        });
    return deployments;
  }

  private void checkLink(String path, DeploymentConfig deployment) {
    if (config.listen().links() == null) {
      problem(path + ".link", "site-agent (expected: listen.links, where that agent can link)");
    }
    if (deployment.credential() != null) {
      problem(path + ".credential", "of no use with link (expected: none; a site has no secret)");
    }
  }

  private Optional<EngineProfile> engine(String path, DeploymentConfig deployment) {
    Optional<EngineProfile> known = Accelerators.profile(deployment.accelerator());
    if (known.isPresent()) {
      return known;
    }
    if (deployment.speed() != null && !needsTable(deployment.capacity())) {
      return Accelerators.profile(null); // nothing of it is used: everything was said
    }
    problem(
        path + ".accelerator",
        "'%s' is not in the table (expected: one of %s; or speed, and of self-hosted capacity"
                .formatted(deployment.accelerator(), list(Accelerators.known()))
            + " sequences-per-replica and kv-tokens-per-replica)");
    return Optional.empty();
  }

  private static boolean needsTable(CapacityConfig capacity) {
    return capacity
            instanceof
            CapacityConfig.SelfHosted(_, Integer sequencesPerReplica, Long kvTokensPerReplica)
        && (sequencesPerReplica == null || kvTokensPerReplica == null);
  }

  private static Deployment deployment(
      DeploymentId id, Site site, DeploymentConfig said, EngineProfile engine) {
    Speed speed = said.speed() == null ? Accelerators.speed(engine) : said.speed().toSpeed();
    return new Deployment(
        id,
        site,
        said.model(),
        said.accelerator(),
        capacity(said.capacity(), engine),
        said.price().toPrice(),
        speed,
        said.contextTokens());
  }

  private static Capacity capacity(CapacityConfig said, EngineProfile engine) {
    return switch (said) {
      case CapacityConfig.Provisioned(int units, long perUnit, double weight) ->
          new Capacity.Provisioned(units, perUnit, weight);
      case CapacityConfig.SelfHosted(int replicas, var sequences, var kvTokens) ->
          new Capacity.SelfHosted(
              replicas,
              sequences == null ? engine.maxSequences() : sequences,
              kvTokens == null ? (long) engine.kvBlocks() * EngineProfile.BLOCK_TOKENS : kvTokens);
      case CapacityConfig.OnDemand(int maxConcurrency) -> new Capacity.OnDemand(maxConcurrency);
    };
  }

  private void checkAliases() {
    Set<String> models =
        config.deployments().values().stream()
            .map(each -> each.model().value())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    for (Map.Entry<ModelName, ModelName> alias : config.aliases().entrySet()) {
      String path = "aliases." + alias.getKey();
      if (models.contains(alias.getKey().value())) {
        problem(path, "the name of a model (expected: another name for one)");
      }
      if (!models.contains(alias.getValue().value())) {
        unknown(path, alias.getValue().value(), models);
      }
    }
  }

  private void unknown(String path, String found, Collection<String> known) {
    problem(path, "'" + found + "' (expected: one of " + list(known) + ")");
  }

  private void problem(String path, String message) {
    problems.add(places.problem(path, message));
  }

  private static Set<String> names(Collection<?> ids) {
    return ids.stream().map(Object::toString).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String list(Collection<String> names) {
    String shown = names.stream().limit(NAMES_SHOWN).collect(joining(", "));
    int more = names.size() - NAMES_SHOWN;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }
}
