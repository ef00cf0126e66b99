package dev.spillway.wire.link;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;

/**
 * An agent that joined before asks for its next certificate, with the key it has: that the request
 * is signed by the key of the old certificate proves who asks, even when that one has expired.
 *
 * @param certificate the old one, PEM
 * @param request PKCS#10 in PEM, of the same key
 */
public record RenewRequest(String certificate, String request) {
  /** Where it is sent, by POST. */
  public static final String PATH = "/spillway/renew";

  /** As it is sent. */
  public byte[] encode() {
    JsonWriter json = new JsonWriter(2_048).beginObject();
    json.name("certificate").value(certificate).name("request").value(request);
    return json.endObject().toByteArray();
  }

  /** Reads one. */
  public static RenewRequest decode(ByteSlice text) throws MalformedMessage {
    JsonFields fields = JsonFields.of(text);
    return new RenewRequest(fields.text("certificate"), fields.text("request"));
  }
}
