package dev.spillway.wire.link;

import java.util.Locale;
import java.util.Optional;

/** Why a site agent turned a request away before an engine saw it. */
public enum SiteRefusal {
  /** Its queue is longer than the hub expected. */
  QUEUE(429),
  /** It serves as many requests as it may. */
  FULL(429),
  /** It takes nothing new: it is about to stop. */
  DRAINING(503),
  /** It holds no policy bundle yet. */
  NO_BUNDLE(503),
  /** Its policy bundle is too old. */
  BUNDLE_EXPIRED(503),
  /** The request has no sealed facts. */
  UNSEALED(403),
  /** The seal is not of this site's key, or the facts were changed. */
  FORGED(403),
  /** The facts were sealed too long ago, or in the future. */
  STALE(403),
  /** The facts are of another request, or meant for another deployment. */
  MISPLACED(403),
  /** A clause of the bundle forbids it. */
  CLAUSE(403),
  /** Nothing of that name, or no such operation, is served here. */
  UNKNOWN(404),
  /** It is about a response that no engine of the deployment keeps. */
  GONE(404),
  /** None of the engines could be reached. */
  ENGINE(502);

  private final int status;
  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  SiteRefusal(int status) {
    this.status = status;
  }

  /** The status that the agent answers with. */
  public int status() {
    return status;
  }

  /** Its name on the wire and in metrics. */
  public String label() {
    return label;
  }

  /** Finds the one of this label; empty if there is none. */
  public static Optional<SiteRefusal> ofLabel(String label) {
    for (SiteRefusal each : values()) {
      if (each.label.equals(label)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
