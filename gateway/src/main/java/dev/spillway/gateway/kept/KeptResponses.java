package dev.spillway.gateway.kept;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.TenantId;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Knows by a response's id which deployment keeps it, and whose it is, without keeping anything.
 *
 * <pre>
 *   resp_ + base64url( seal(6) + proof(12) ) + [replica(8)] + the provider's id
 *
 *   seal  = first bytes of HMAC-SHA-256(secret, "deployment" 0 deployment),
 *           or of HMAC-SHA-256(secret, "replicas of" 0 deployment) if a replica is named
 *   proof = first bytes of HMAC-SHA-256(secret, "response" 0 tenant 0 seal 0 [replica] provider's id)
 * </pre>
 *
 * <p>The replica is named by the agent of its site, which alone knows what it means: several
 * engines keep the responses of one deployment, and none finds another's.
 *
 * <p>Every hub with the same secret reads what another wrote, before and after a restart. A seal
 * tells nobody which deployment it stands for. No id can be made, or changed, without the secret,
 * and one tenant's proves nothing for another: 96 bits against guessing.
 *
 * <p>Immutable but for what the JDK keeps; used by all loops. Costs some 2 us an id.
 */
public final class KeptResponses {
  private static final String PREFIX = "resp_";
  private static final String HMAC = "HmacSHA256";
  private static final int SEAL_BYTES = 6;
  private static final int PROOF_BYTES = 12;
  private static final int TAG_CHARACTERS = (SEAL_BYTES + PROOF_BYTES) / 3 * 4;
  private static final int REPLICA_CHARACTERS = 8;
  private static final int LONGEST_ID = 256;
  private static final byte[] BETWEEN = {0};

  private final SecretKeySpec secret;
  private final Map<DeploymentId, String> seals = new HashMap<>();
  private final Map<DeploymentId, String> sealsOfReplicas = new HashMap<>();
  private final Map<String, Integer> indexes = new HashMap<>();
  private final Map<String, Integer> indexesOfReplicas = new HashMap<>();

  /**
   * Of these deployments.
   *
   * @param secret of the hub, or of several that are to understand each other; at least 16 bytes
   * @param deployments in the order of the topology
   */
  public KeptResponses(byte[] secret, List<DeploymentId> deployments) {
    if (secret.length < 16) {
      throw new IllegalArgumentException("secret: " + secret.length + " bytes (expected: >= 16)");
    }
    this.secret = new SecretKeySpec(secret, HMAC);
    for (int i = 0; i < deployments.size(); i++) {
      DeploymentId each = deployments.get(i);
      seals.put(each, seal("deployment", each));
      indexes.put(seal("deployment", each), i);
      sealsOfReplicas.put(each, seal("replicas of", each));
      indexesOfReplicas.put(seal("replicas of", each), i);
    }
  }

  /** What is found under an id. */
  public sealed interface Found {
    /**
     * It is kept here.
     *
     * @param deployment index in the topology
     * @param keptBy which replica, as its site's agent calls it; empty if nobody said
     * @param providersId as the provider calls it
     */
    record At(int deployment, String keptBy, String providersId) implements Found {}

    /** It was, by a deployment that is gone. */
    record Gone() implements Found {}

    /** Nothing that this tenant was given. */
    record Nothing() implements Found {}
  }

  /**
   * What the tenant is to call a response; an id that no provider should give is left as it is.
   *
   * @param keptBy which replica, as its site's agent calls it; what is no such name counts as none
   */
  public String name(TenantId tenant, DeploymentId deployment, String keptBy, String providersId) {
    boolean named = keptBy.length() == REPLICA_CHARACTERS && isPlain(keptBy);
    String seal = (named ? sealsOfReplicas : seals).get(deployment);
    if (seal == null || !isPlain(providersId) || providersId.length() > LONGEST_ID) {
      return providersId;
    }
    String kept = named ? keptBy + providersId : providersId;
    return PREFIX + seal + proof(tenant, seal, kept) + kept;
  }

  /** Finds a response by what the tenant calls it; any text may be asked for. */
  public Found find(TenantId tenant, String id) {
    int keptAt = PREFIX.length() + TAG_CHARACTERS;
    if (id.length() <= keptAt
        || id.length() > keptAt + REPLICA_CHARACTERS + LONGEST_ID
        || !id.startsWith(PREFIX)
        || !isPlain(id.substring(keptAt))) {
      return new Found.Nothing();
    }
    int proofAt = PREFIX.length() + SEAL_BYTES / 3 * 4;
    String seal = id.substring(PREFIX.length(), proofAt);
    String kept = id.substring(keptAt);
    byte[] proof = proof(tenant, seal, kept).getBytes(UTF_8);
    if (!MessageDigest.isEqual(proof, id.substring(proofAt, keptAt).getBytes(UTF_8))) {
      return new Found.Nothing();
    }
    return at(seal, kept);
  }

  private Found at(String seal, String kept) {
    Integer index = indexes.get(seal);
    if (index != null) {
      return new Found.At(index, "", kept);
    }
    Integer ofReplicas = indexesOfReplicas.get(seal);
    return ofReplicas == null || kept.length() <= REPLICA_CHARACTERS
        ? new Found.Gone()
        : new Found.At(
            ofReplicas, kept.substring(0, REPLICA_CHARACTERS), kept.substring(REPLICA_CHARACTERS));
  }

  private String seal(String what, DeploymentId deployment) {
    return text(Arrays.copyOf(hmac(what, deployment.value()), SEAL_BYTES));
  }

  private String proof(TenantId tenant, String seal, String kept) {
    byte[] full = hmac("response", tenant.value(), seal, kept);
    return text(Arrays.copyOf(full, PROOF_BYTES));
  }

  private byte[] hmac(String... parts) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(secret);
      for (String part : parts) {
        mac.update(part.getBytes(UTF_8));
        mac.update(BETWEEN);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** What can stand in a path as it is, and holds none of the bytes that part the proof. */
  private static boolean isPlain(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!plain && c != '_' && c != '-') {
        return false;
      }
    }
    return !id.isEmpty();
  }
}
