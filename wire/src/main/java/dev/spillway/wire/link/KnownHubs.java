package dev.spillway.wire.link;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * Which hubs were announced to an agent, and by which: what it keeps for its next start.
 *
 * @param announced by the address of the hub that announced them, in the order in which they came
 */
public record KnownHubs(Map<HubAddress, List<HubAddress>> announced) {
  /** None. */
  public static final KnownHubs NONE = new KnownHubs(Map.of());

  /** More than anybody runs, and little for an agent: no hub can make it dial for ever. */
  private static final int MOST = 64;

  /** Copies. */
  public KnownHubs {
    Map<HubAddress, List<HubAddress>> copy = new LinkedHashMap<>();
    announced.forEach((by, hubs) -> copy.put(by, List.copyOf(hubs)));
    announced = Collections.unmodifiableMap(copy);
  }

  /**
   * Which hubs count for an agent: those it was told of, and whom they announced, and whom those
   * announced, in this order; those told of, and others up to 64 in all.
   */
  public SequencedSet<HubAddress> from(Collection<HubAddress> told) {
    SequencedSet<HubAddress> counting = new LinkedHashSet<>(told);
    Deque<HubAddress> next = new ArrayDeque<>(told);
    while (!next.isEmpty()) {
      for (HubAddress each : announced.getOrDefault(next.remove(), List.of())) {
        if (counting.size() < MOST && counting.add(each)) {
          next.add(each);
        }
      }
    }
    return Collections.unmodifiableSequencedSet(counting);
  }

  /** As it is kept. */
  public byte[] encode() {
    JsonWriter json = new JsonWriter(512).beginObject().name("announced").beginArray();
    announced.forEach((by, hubs) -> {
      json.beginObject().name("by").value(by.toString()).name("hubs").beginArray();
      hubs.forEach(each -> json.value(each.toString()));
      json.endArray().endObject();
    });
    return json.endArray().endObject().toByteArray();
  }

  /** Reads what was kept. */
  public static KnownHubs decode(ByteSlice text) throws MalformedMessage {
    Map<HubAddress, List<HubAddress>> announced = new LinkedHashMap<>();
    for (JsonFields each : JsonFields.of(text).objects("announced")) {
      List<HubAddress> hubs = new ArrayList<>();
      for (String hub : each.texts("hubs")) {
        hubs.add(HubAddress.parse(hub));
      }
      announced.put(HubAddress.parse(each.text("by")), hubs);
    }
    return new KnownHubs(announced);
  }
}
