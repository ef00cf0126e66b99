package dev.spillway.wire.link;

import java.util.Locale;
import java.util.Optional;

/** Why a site agent did not take a policy bundle. */
public enum BundleRefusal {
  /** It says that another key signed it than the policy key of the hub that the agent joined. */
  UNKNOWN_KEY,
  /** Its signature is not of that key, or it was changed. */
  SIGNATURE,
  /** It cannot be read, or makes no policy. */
  MALFORMED,
  /** It is another site's. */
  OTHER_SITE,
  /** It is too old, by the agent's clock. */
  EXPIRED,
  /** The agent saw a newer one. */
  ROLLED_BACK;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** Its name on the wire and in metrics. */
  public String label() {
    return label;
  }

  /** Finds the one of this label; empty if there is none. */
  public static Optional<BundleRefusal> ofLabel(String label) {
    for (BundleRefusal each : values()) {
      if (each.label.equals(label)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
