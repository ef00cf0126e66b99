package dev.spillway.site;

import dev.spillway.site.guard.Guard;
import dev.spillway.site.identity.IdentityFolder;
import dev.spillway.wire.link.KnownHubs;
import dev.spillway.wire.link.SignedBundle;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * What an agent keeps for its next start of what hubs told it: the policy bundle in force, and
 * which hubs there are. Asked on event loops; files are written on threads of their own.
 */
final class AgentMemory {
  private static final Logger LOG = System.getLogger(AgentMemory.class.getName());

  private final IdentityFolder folder;
  private final Guard guard;

  AgentMemory(IdentityFolder folder, Guard guard) {
    this.folder = folder;
    this.guard = guard;
  }

  /** A bundle came; why it is not taken, or nothing. */
  String take(SignedBundle bundle) {
    String problem = guard.take(bundle);
    if (problem.isEmpty()) {
      byte[] text = bundle.encode();
      Thread.ofVirtual().name("bundle").start(() -> keep(text));
    }
    return problem;
  }

  /** Hubs announced others. */
  void keepSoon(KnownHubs hubs) {
    Thread.ofVirtual().name("hubs").start(() -> keep(hubs));
  }

  /** Puts the bundle of the last run in force, if it is still good; blocks. */
  void recallBundle() throws IOException {
    Optional<byte[]> kept = folder.bundle();
    if (kept.isPresent()) {
      String problem =
          SignedBundle.decode(kept.get()).map(guard::offer).orElse("it cannot be read");
      if (!problem.isEmpty()) {
        LOG.log(Level.INFO, "the policy bundle of the last run is not used: {0}", problem);
      }
    }
  }

  private void keep(byte[] bundle) {
    try {
      folder.saveBundle(bundle);
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the policy bundle in force is not kept for the next start", e);
    }
  }

  private void keep(KnownHubs hubs) {
    try {
      folder.saveHubs(hubs);
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the hubs that were announced are not kept for the next start", e);
    }
  }
}
