package dev.spillway.core.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;

/**
 * Facts sealed with an HMAC, as a text that fits a header.
 *
 * <h2>Who can do what</h2>
 *
 * <p>A request's facts are fixed when the hub has authenticated the caller, before anything is
 * routed, and sealed under the platform's key for each attempt at a site. Whatever routing does, it
 * can only pass the text on: {@link #forSite} opens it, gives the tenant its pseudonym, and seals
 * the facts again under the site's key, together with the deployment that was chosen. So a mistake
 * in routing can choose a wrong deployment, which the site's own policy then judges, but it cannot
 * make the request another's, of another class or another model.
 *
 * <p>A site has its own key only. It could forge facts to itself, which gains it nothing, and to
 * nobody else. A hub that is hostile, not mistaken, has the platform's key and can seal what it
 * likes: against that, what helps is that a site judges by a bundle that was signed (and versions
 * only grow), and serves no tenant that the bundle does not name.
 *
 * <p>The body is not covered: a seal says who asks and for what, not in which words.
 */
public final class Seal {
  private static final String HUB = "hub";

  private Seal() {}

  /** Seals facts for the hub itself. */
  public static String of(Facts facts, SealKey platform) {
    return seal(HUB, facts, platform);
  }

  /**
   * Passes sealed facts on to a site.
   *
   * @param sealed what {@link #of} made
   * @return the text for the site; empty if {@code sealed} is not what was sealed
   */
  public static String forSite(
      String sealed, SealKey platform, SiteId site, DeploymentId deployment) {
    Optional<Facts> facts = open(HUB, sealed, platform);
    if (facts.isEmpty()) {
      return "";
    }
    TenantId pseudonym = platform.pseudonym(site, facts.get().ask().tenant());
    return seal(at(deployment), facts.get().of(pseudonym), platform.forSite(site));
  }

  /** Opens at a site what was sealed for it and this deployment; empty if it was not. */
  public static Optional<Facts> openAtSite(String sealed, SealKey site, DeploymentId deployment) {
    return open(at(deployment), sealed, site);
  }

  private static String at(DeploymentId deployment) {
    return "at " + deployment;
  }

  private static String seal(String purpose, Facts facts, SealKey key) {
    String text = facts.encode();
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    return base64.encodeToString(text.getBytes(UTF_8))
        + "."
        + base64.encodeToString(mac(purpose, text, key));
  }

  private static Optional<Facts> open(String purpose, String sealed, SealKey key) {
    int dot = sealed.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(sealed.substring(0, dot)), UTF_8);
      byte[] mac = Base64.getUrlDecoder().decode(sealed.substring(dot + 1));
      return MessageDigest.isEqual(mac, mac(purpose, text, key))
          ? Optional.of(Facts.decode(text))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not base64, or not facts: nothing that was sealed here
    }
  }

  private static byte[] mac(String purpose, String text, SealKey key) {
    return key.mac((purpose + "\n" + text).getBytes(UTF_8));
  }
}
