package dev.spillway.simulator.live;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** The last answers of the Responses API, to be read again, gone on from, or deleted. */
final class KeptResponses {
  private static final int MOST = 1_000;

  private final LinkedHashMap<String, String> byId = new LinkedHashMap<>();

  void keep(String id, String response) {
    byId.put(id, response);
    if (byId.size() > MOST) {
      byId.pollFirstEntry();
    }
  }

  /** As it was told; null if it never was, was deleted, or is long ago. */
  @Nullable String find(String id) {
    return byId.get(id);
  }

  void delete(String id) {
    byId.remove(id);
  }
}
