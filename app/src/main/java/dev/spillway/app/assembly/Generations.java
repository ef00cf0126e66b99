package dev.spillway.app.assembly;

import dev.spillway.app.config.ConfigFile;
import dev.spillway.app.config.DeploymentConfig;
import dev.spillway.app.config.SpillwayConfig;
import dev.spillway.app.yaml.Bound;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.core.dispatch.Changes;
import dev.spillway.core.dispatch.LiveDispatcher;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.seal.SealKey;
import dev.spillway.gateway.upstream.Credential;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.providers.Dialects;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes one generation of a configuration after the other; one thread at a time. */
public final class Generations {
  private static final int VERSION_DIGITS = 12;

  private final String file;
  private final SecretReader secrets;
  private final Snapshots snapshots;

  /**
   * Of one file.
   *
   * @param file how errors call it
   * @param secrets reads what the configuration names
   */
  public Generations(String file, SecretReader secrets) {
    this(file, secrets, null);
  }

  /**
   * Of the file of a hub that has agents.
   *
   * @param sealKey under which the facts of requests are sealed for them; null if it has none
   */
  public Generations(String file, SecretReader secrets, @Nullable SealKey sealKey) {
    this.file = file;
    this.secrets = secrets;
    this.snapshots = new Snapshots(sealKey);
  }

  /**
   * Makes the next one.
   *
   * @param before the one in force, whose experience it takes over; null for the first
   * @param text of the file
   * @throws InvalidFileException if it cannot be put in force
   * @throws InterruptedException if the calling thread was interrupted
   */
  public Generation next(@Nullable Generation before, byte[] text, Instant now)
      throws InvalidFileException, InterruptedException {
    Bound<SpillwayConfig> bound = ConfigFile.read(file, text);
    Assembly assembly = Assembler.assemble(file, bound, Dialects.names(), now);
    Secrets read = Secrets.read(file, bound, secrets);
    LiveDispatcher dispatcher = dispatcher(before, assembly, read);
    String version = version(text);
    return new Generation(
        version,
        now,
        assembly,
        dispatcher,
        snapshots.next(assembly, version, read, dispatcher, now));
  }

  /** Whether a file with a secret in it changed since it was last looked at. */
  public boolean haveSecretsChanged() {
    return secrets.hasAnyChanged();
  }

  /** How a text's generation is called. */
  public static String version(byte[] text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(digest).substring(0, VERSION_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static LiveDispatcher dispatcher(
      @Nullable Generation before, Assembly assembly, Secrets read) {
    return before == null
        ? new LiveDispatcher(
            assembly.topology(), assembly.tenants(), assembly.policy(), assembly.tuning())
        : before
            .dispatcher()
            .successor(
                assembly.topology(),
                assembly.tenants(),
                assembly.policy(),
                assembly.tuning(),
                changes(before, assembly, read));
  }

  /** The deployments of both of which something else is said, or that are asked otherwise. */
  private static Changes changes(Generation before, Assembly next, Secrets read) {
    Set<DeploymentId> said = new HashSet<>();
    Set<DeploymentId> moved = new HashSet<>();
    for (Upstream upstream : before.snapshot().upstreams()) {
      DeploymentId id = upstream.deployment();
      DeploymentConfig was = before.assembly().config().deployments().get(id);
      DeploymentConfig is = next.config().deployments().get(id);
      Credential credential = read.credentials().getOrDefault(id, Credential.NONE);
      if (!Objects.equals(was, is) || !upstream.credential().equals(credential)) {
        said.add(id);
      }
      if (was == null || is == null || !isAtTheSame(was, is)) {
        moved.add(id);
      }
    }
    return new Changes(said, moved);
  }

  private static boolean isAtTheSame(DeploymentConfig was, DeploymentConfig is) {
    return Objects.equals(was.url(), is.url())
        && Objects.equals(was.link(), is.link())
        && Objects.equals(was.upstreamModel(), is.upstreamModel());
  }
}
