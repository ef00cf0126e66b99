package dev.spillway.wire.link;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the hub says to an agent on the control connection. */
public sealed interface HubMessage {
  /** A policy bundle to be judged by from now on. */
  record NewBundle(SignedBundle bundle) implements HubMessage {}

  /** Take nothing new from this hub: it is about to stop, and waits so long for what runs. */
  record HubDrains(long withinMillis) implements HubMessage {}

  /**
   * Where all replicas of this hub are, itself among them or not: an agent links to every one, and
   * to those no more that are not named any longer.
   *
   * @param all at most {@value #MOST}, none of them twice
   */
  record Replicas(List<HubAddress> all) implements HubMessage {
    /** So many, and no more. */
    public static final int MOST = 16;

    /** Checks and copies. */
    public Replicas {
      all = List.copyOf(all);
      if (all.size() > MOST || Set.copyOf(all).size() < all.size()) {
        throw new IllegalArgumentException(
            "replicas: " + all + " (expected: at most " + MOST + ", none twice)");
      }
    }
  }

  /** One that this version does not know: a newer hub's. It means nothing here. */
  record Unknown() implements HubMessage {}

  /** As it is sent. */
  default byte[] encode() {
    JsonWriter json = new JsonWriter(1_024).beginObject();
    switch (this) {
      case NewBundle(SignedBundle(var payload, var signature, var keyId)) -> {
        json.name("bundle").value(payload).name("signature").value(signature);
        json.name("key").value(keyId);
      }
      case HubDrains(long within) -> json.name("drains_within_millis").value(within);
      case Replicas(List<HubAddress> all) -> {
        json.name("replicas").beginArray();
        all.forEach(each -> json.value(each.toString()));
        json.endArray();
      }
      case Unknown _ -> {}
    }
    return json.endObject().toByteArray();
  }

  /** Reads one. */
  static HubMessage decode(ByteSlice text) throws MalformedMessage {
    JsonFields fields = JsonFields.of(text);
    String bundle = fields.textOrNull("bundle");
    if (bundle != null) {
      String keyId = fields.textOrNull("key");
      return new NewBundle(
          new SignedBundle(bundle, fields.text("signature"), keyId == null ? "" : keyId));
    }
    if (fields.has("drains_within_millis")) {
      return new HubDrains(fields.number("drains_within_millis"));
    }
    return fields.has("replicas") ? replicas(fields.texts("replicas")) : new Unknown();
  }

  private static Replicas replicas(List<String> texts) throws MalformedMessage {
    Set<HubAddress> all = new LinkedHashSet<>();
    for (String each : texts) {
      all.add(HubAddress.parse(each));
    }
    if (all.size() > Replicas.MOST) {
      throw new MalformedMessage("replicas: more than " + Replicas.MOST);
    }
    return new Replicas(List.copyOf(all));
  }
}
