package dev.spillway.wire.link;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which hubs were announced to an agent, and by which: what it keeps for its next start.
 *
 * @param announced by the address of the hub that announced them, in the order in which they came
 */
public record KnownHubs(Map<HubAddress, List<HubAddress>> announced) {
  /** None. */
  public static final KnownHubs NONE = new KnownHubs(Map.of());

  /** Copies. */
  public KnownHubs {
    Map<HubAddress, List<HubAddress>> copy = new LinkedHashMap<>();
    announced.forEach((by, hubs) -> copy.put(by, List.copyOf(hubs)));
    announced = Collections.unmodifiableMap(copy);
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
