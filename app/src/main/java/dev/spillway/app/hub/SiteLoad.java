package dev.spillway.app.hub;

import dev.spillway.core.provider.EngineReport;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import java.util.List;

/** The load of a site's engines together, as they say; what they say may be any number. */
final class SiteLoad {
  private static final double PER_MILLE = 1_000;

  private SiteLoad() {}

  /** Of one engine at least. */
  static EngineReport of(List<ReplicaState> engines) {
    long running = 0;
    long waiting = 0;
    double kvPermille = 0;
    for (ReplicaState each : engines) {
      running += each.running();
      waiting += each.waiting();
      kvPermille += each.kvPermille();
    }
    double kvUse = Math.clamp(kvPermille / engines.size() / PER_MILLE, 0, 1);
    return new EngineReport(count(running), count(waiting), kvUse, engines.size());
  }

  private static int count(long sum) {
    return (int) Math.min(Integer.MAX_VALUE, sum);
  }
}
