package dev.spillway.core.dispatch;

import dev.spillway.core.model.Deployment;
import dev.spillway.core.routing.LiveDeployment;
import dev.spillway.core.routing.Rule;
import dev.spillway.core.routing.Scan;
import dev.spillway.core.routing.Tried;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The deployments where somebody in the waiting room found no room, in one look at it: what room
 * there is is kept for him, and those behind go elsewhere if they can. Else a large request would
 * starve behind small ones that fit into what is left.
 */
final class Kept {
  private final Set<LiveDeployment> full = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean letsOthersPass;

  /** One found no room anywhere: where it waits for some, that is kept. */
  void keep(Scan scan) {
    boolean keeps = false;
    boolean tooShort = false;
    for (int place = 0; place < scan.pool().size(); place++) {
      Rule rule = scan.rule(place);
      if (rule != null && rule.lacksRoom()) {
        full.add(scan.pool().deployment(place));
        keeps = true;
      }
      tooShort |= rule == Rule.QUOTA_TOO_SHORT;
    }
    letsOthersPass = tooShort && !keeps;
  }

  /** Whether the last one waits for what no smaller one can take from it: they may go. */
  boolean letsOthersPass() {
    return letsOthersPass;
  }

  /** What there is for one who is behind. */
  Tried behind(Itinerary itinerary) {
    return new Tried() {
      @Override
      public @Nullable Rule rulesOut(LiveDeployment deployment) {
        return itinerary.rulesOut(deployment);
      }

      @Override
      public boolean isAble(Deployment deployment) {
        return itinerary.isAble(deployment);
      }

      @Override
      public boolean isKeptForOthers(LiveDeployment deployment) {
        return full.contains(deployment);
      }
    };
  }
}
