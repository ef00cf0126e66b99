package dev.spillway.wire.link;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;

/** What the hub says to an agent on the control connection. */
public sealed interface HubMessage {
  /** A policy bundle to be judged by from now on. */
  record NewBundle(SignedBundle bundle) implements HubMessage {}

  /** Take nothing new from this hub: it is about to stop, and waits so long for what runs. */
  record HubDrains(long withinMillis) implements HubMessage {}

  /** As it is sent. */
  default byte[] encode() {
    JsonWriter json = new JsonWriter(1_024).beginObject();
    switch (this) {
      case NewBundle(SignedBundle(var payload, var signature, var keyId)) -> {
        json.name("bundle").value(payload).name("signature").value(signature);
        json.name("key").value(keyId);
      }
      case HubDrains(long within) -> json.name("drains_within_millis").value(within);
    }
    return json.endObject().toByteArray();
  }

  /** Reads one. */
  static HubMessage decode(ByteSlice text) throws MalformedMessage {
    JsonFields fields = JsonFields.of(text);
    String bundle = fields.textOrNull("bundle");
    if (bundle == null) {
      return new HubDrains(fields.number("drains_within_millis"));
    }
    String keyId = fields.textOrNull("key");
    return new NewBundle(
        new SignedBundle(bundle, fields.text("signature"), keyId == null ? "" : keyId));
  }
}
