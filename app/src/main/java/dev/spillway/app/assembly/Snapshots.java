package dev.spillway.app.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.app.config.DeploymentConfig;
import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.seal.SealKey;
import dev.spillway.gateway.Offers;
import dev.spillway.gateway.Snapshot;
import dev.spillway.gateway.auth.FactSealer;
import dev.spillway.gateway.auth.Grant;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.gateway.kept.KeptResponses;
import dev.spillway.gateway.upstream.Credential;
import dev.spillway.gateway.upstream.Endpoint;
import dev.spillway.gateway.upstream.Linked;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.providers.Dialects;
import dev.spillway.wire.dialect.UpstreamTarget;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes of configurations what the data plane runs on.
 *
 * <p>Holds what tenants' cache salts are made of when the configuration names nothing: random, and
 * the same for all snapshots of one hub, so that a reload does not empty the engines' caches.
 */
final class Snapshots {
  private static final String API_OF_AGENTS = "/v1";
  private static final int SALT_BYTES = 32;
  private static final int HTTPS = 443;
  private static final int HTTP = 80;
  private static final String HMAC = "HmacSHA256";

  /** Cannot be the name of a tenant. */
  private static final String KEPT_RESPONSES = "ids of kept responses";

  private final byte[] ownSalt = new byte[SALT_BYTES];
  private long made;

  private final @Nullable SealKey sealKey;

  /**
   * None yet.
   *
   * @param sealKey under which facts are sealed for agents; null if there are none
   */
  Snapshots(@Nullable SealKey sealKey) {
    this.sealKey = sealKey;
    new SecureRandom().nextBytes(ownSalt);
  }

  /** The next snapshot; its version is one more than the last one's. */
  Snapshot next(
      Assembly assembly, String version, Secrets secrets, Dispatcher dispatcher, Instant now) {
    Map<WorkloadClass, Objective> objectives = new EnumMap<>(WorkloadClass.class);
    for (WorkloadClass workload : WorkloadClass.values()) {
      objectives.put(workload, assembly.objective(workload));
    }
    List<Upstream> upstreams = upstreams(assembly, secrets);
    return new Snapshot(
        ++made,
        now.getEpochSecond(),
        assembly.topology(),
        dispatcher,
        upstreams,
        keys(assembly, secrets),
        aliases(assembly),
        models(assembly),
        objectives,
        assembly.streamedForWhole(),
        new Offers(assembly.topology().deployments(), upstreams),
        kept(assembly, secrets),
        sealer(assembly, version));
  }

  private FactSealer sealer(Assembly assembly, String version) {
    SealKey key = sealKey;
    boolean linked =
        assembly.config().deployments().values().stream().anyMatch(each -> each.link() != null);
    return key == null || !linked ? FactSealer.NONE : new HubSealer(key, version);
  }

  private static List<Upstream> upstreams(Assembly assembly, Secrets secrets) {
    return assembly.topology().deployments().stream()
        .map(each -> {
          DeploymentConfig said = assembly.said(each.id());
          return new Upstream(
              each.id(),
              said.link() == null ? endpoint(said.address()) : new Linked(each.site().id()),
              target(said),
              Dialects.named(said.dialect()),
              secrets.credentials().getOrDefault(each.id(), Credential.NONE));
        })
        .toList();
  }

  private static Endpoint endpoint(URI url) {
    boolean tls = url.getScheme().equals("https");
    int usual = tls ? HTTPS : HTTP;
    String host = url.getHost();
    return new Endpoint(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        url.getPort() < 0 ? usual : url.getPort(),
        tls ? Endpoint.Security.TLS : Endpoint.Security.PLAIN);
  }

  private static UpstreamTarget target(DeploymentConfig said) {
    String path = said.link() == null ? said.address().getRawPath() : API_OF_AGENTS;
    return new UpstreamTarget(
        path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
        said.modelThere(),
        said.apiVersion(),
        said.engineOrder());
  }

  /** By a key that no tenant's salt tells anything of: engines know those. */
  private KeptResponses kept(Assembly assembly, Secrets secrets) {
    return new KeptResponses(
        hmac(salt(secrets), KEPT_RESPONSES),
        assembly.topology().deployments().stream().map(Deployment::id).toList());
  }

  private byte[] salt(Secrets secrets) {
    return secrets.salt().map(secret -> secret.value().getBytes(UTF_8)).orElse(ownSalt);
  }

  private KeyDirectory keys(Assembly assembly, Secrets secrets) {
    byte[] salt = salt(secrets);
    Map<TenantId, Grant> grants = new HashMap<>();
    for (Tenant tenant : assembly.tenants()) {
      grants.put(tenant.id(), new Grant(tenant, tenant.classes(), saltOf(tenant.id(), salt)));
    }
    Map<String, Grant> bySha256 = new HashMap<>();
    secrets.holders().forEach((hash, tenant) -> bySha256.put(hash, grants.get(tenant)));
    return new KeyDirectory(bySha256);
  }

  /** HMAC-SHA-256 of the tenant's name: whoever knows one tenant's salt learns no other's. */
  private static String saltOf(TenantId tenant, byte[] salt) {
    return HexFormat.of().formatHex(hmac(salt, tenant.value()));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }

  private static Map<String, ModelName> aliases(Assembly assembly) {
    Map<String, ModelName> aliases = new LinkedHashMap<>();
    assembly.config().aliases().forEach((alias, model) -> aliases.put(alias.value(), model));
    return aliases;
  }

  private static Map<String, ModelName> models(Assembly assembly) {
    Map<String, ModelName> models = new LinkedHashMap<>();
    for (Deployment each : assembly.topology().deployments()) {
      models.put(each.model().value(), each.model());
    }
    return models;
  }
}
