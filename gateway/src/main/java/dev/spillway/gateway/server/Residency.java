package dev.spillway.gateway.server;

import dev.spillway.core.model.Geography;
import dev.spillway.core.model.Topology;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where a request says that its data may be processed: {@code x-spillway-residency}. */
final class Residency {
  private static final int MOST_GEOGRAPHIES = 16;

  private Residency() {}

  /**
   * The geographies of a comma-separated list, each once, in order: those in which the platform has
   * a site, so that lists that mean the same are equal. Where it has one in none of them, all that
   * were said: nowhere is not anywhere. Null if it is no such list.
   */
  static @Nullable List<Geography> read(String list, Topology topology) {
    SortedSet<Geography> said = new TreeSet<>();
    try {
      for (String each : list.split(",", MOST_GEOGRAPHIES)) {
        said.add(new Geography(each.strip()));
      }
    } catch (IllegalArgumentException e) {
      return null;
    }
    List<Geography> ours = said.stream().filter(each -> isOf(topology, each)).toList();
    return ours.isEmpty() ? List.copyOf(said) : ours;
  }

  private static boolean isOf(Topology topology, Geography geography) {
    return topology.sites().stream().anyMatch(site -> geography.equals(site.geography()));
  }
}
