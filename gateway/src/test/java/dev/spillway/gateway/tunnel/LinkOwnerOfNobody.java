package dev.spillway.gateway.tunnel;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.SiteId;
import dev.spillway.wire.link.SignedBundle;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import org.jspecify.annotations.Nullable;

/** A hub that everybody may serve, and that gives nobody anything. */
final class LinkOwnerOfNobody implements LinkOwner {
  @Override
  public boolean admits(SiteId site, String keyId) {
    return true;
  }

  @Override
  public @Nullable SignedBundle bundle(SiteId site, String keyId, long held) {
    return null;
  }

  @Override
  public String sealedFor(String sealed, SiteId site, DeploymentId deployment) {
    return sealed;
  }

  @Override
  public void heartbeat(SiteId site, Heartbeat heartbeat) {}

  @Override
  public byte[] enrol(String path, byte[] body) {
    return new byte[0];
  }
}
