package dev.spillway.app.assembly;

import dev.spillway.app.config.DeploymentConfig;
import dev.spillway.app.config.KeySource;
import dev.spillway.app.config.SecretSource;
import dev.spillway.app.config.SpillwayConfig;
import dev.spillway.app.yaml.Bound;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.app.yaml.Places;
import dev.spillway.app.yaml.Problem;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.TenantId;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.gateway.upstream.Credential;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The secrets of a configuration, read.
 *
 * @param credentials what deployments are reached with; none for those that ask for none
 * @param holders the tenant of each key, by the key's SHA-256
 * @param salt what tenants' cache salts are made of; empty if the configuration names none
 */
record Secrets(
    Map<DeploymentId, Credential> credentials,
    Map<String, TenantId> holders,
    Optional<Secret> salt) {
  /** The dialect whose servers take either a key or a token. */
  private static final String AZURE = "azure-openai";

  /**
   * Reads all of them.
   *
   * @throws InvalidFileException if one cannot be read, or two tenants have the same key
   */
  static Secrets read(String file, Bound<SpillwayConfig> bound, SecretReader reader)
      throws InvalidFileException, InterruptedException {
    Reading reading = new Reading(bound.places(), reader);
    SpillwayConfig config = bound.value();
    for (var each : config.deployments().entrySet()) {
      SecretSource source = each.getValue().credential();
      if (source != null) {
        reading
            .secret("deployments." + each.getKey() + ".credential", source)
            .ifPresent(secret -> reading.credential(each.getKey(), each.getValue(), secret));
      }
    }
    for (var each : config.tenants().entrySet()) {
      for (KeySource source : each.getValue().keys()) {
        reading.key(each.getKey(), source);
      }
    }
    SecretSource salt = config.cacheSalt();
    Optional<Secret> saltOfAll =
        salt == null ? Optional.empty() : reading.secret("cache-salt", salt);
    if (!reading.problems.isEmpty()) {
      throw new InvalidFileException(file, reading.problems);
    }
    return new Secrets(reading.credentials, reading.holders, saltOfAll);
  }

  @Override
  public String toString() {
    return "***";
  }

  /** One run over the sources of a configuration. */
  private static final class Reading {
    private final Places places;
    private final SecretReader reader;
    private final Map<DeploymentId, Credential> credentials = new LinkedHashMap<>();
    private final Map<String, TenantId> holders = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    Reading(Places places, SecretReader reader) {
      this.places = places;
      this.reader = reader;
    }

    Optional<Secret> secret(String path, SecretSource source) throws InterruptedException {
      try {
        return Optional.of(reader.read(source));
      } catch (UnreadableSecretException e) {
        problems.add(places.problem(path, e.getMessage()));
        return Optional.empty();
      }
    }

    /** Of the dialects, only Azure's takes keys and tokens, and must be told which it is. */
    void credential(DeploymentId deployment, DeploymentConfig of, Secret secret) {
      if (secret.isBearer() && !of.dialect().equals(AZURE)) {
        problems.add(
            places.problem(
                "deployments." + deployment + ".credential",
                "begins with 'Bearer ' (expected: the key alone; " + of.dialect() + " adds that)"));
      }
      credentials.put(deployment, new Credential(secret.value()));
    }

    void key(TenantId tenant, KeySource source) throws InterruptedException {
      String path = "tenants." + tenant + ".keys";
      Optional<String> hash =
          source.sha256() != null
              ? Optional.of(source.sha256().hex())
              : secret(path, source.secret()).map(secret -> hash(path, secret));
      if (hash.isPresent()) {
        TenantId other = holders.putIfAbsent(hash.get(), tenant);
        if (other != null) {
          String whose = other.equals(tenant) ? "twice" : "a key of tenant " + other + " as well";
          problems.add(places.problem(path, whose + " (expected: each key once)"));
        }
      }
    }

    private String hash(String path, Secret key) {
      if (key.isBearer()) {
        problems.add(places.problem(path, "begins with 'Bearer ' (expected: the key alone)"));
      }
      return KeyDirectory.sha256(key.value());
    }
  }
}
