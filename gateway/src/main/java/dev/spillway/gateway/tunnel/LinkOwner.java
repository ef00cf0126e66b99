package dev.spillway.gateway.tunnel;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.SiteId;
import dev.spillway.wire.link.SignedBundle;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import org.jspecify.annotations.Nullable;

/** What the links ask of the rest of the hub; all but {@link #enrol} answer from memory. */
public interface LinkOwner {
  /**
   * Whether an agent may serve as a site: it joined, and was not told to leave.
   *
   * @param keyId what the agent is known by
   */
  boolean admits(SiteId site, String keyId);

  /**
   * The policy bundle for an agent; null if there is nothing for that site.
   *
   * @param held the version that the agent holds, 0 for none: what it is given is newer
   */
  @Nullable SignedBundle bundle(SiteId site, String keyId, long held);

  /**
   * Passes facts that the hub sealed on to a site; empty if they are not what was sealed.
   *
   * @param sealed before the request was routed
   */
  String sealedFor(String sealed, SiteId site, DeploymentId deployment);

  /** A site said how it is. */
  void heartbeat(SiteId site, Heartbeat heartbeat);

  /** A link of a site is gone; whether the site still serves may be another answer now. */
  default void linkGone(SiteId site) {}

  /**
   * Answers somebody who wants to join or renew; blocks, on a thread of its own.
   *
   * @param path what is asked
   * @param body in JSON, at most 64 KiB
   */
  byte[] enrol(String path, byte[] body);
}
