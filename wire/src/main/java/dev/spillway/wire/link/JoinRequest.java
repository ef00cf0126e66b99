package dev.spillway.wire.link;

import dev.spillway.core.model.SiteId;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;

/**
 * An agent that nobody knows yet asks for a certificate.
 *
 * @param token what it was given
 * @param site for which it means to serve
 * @param request PKCS#10 in PEM, signed by the key it made
 */
public record JoinRequest(JoinToken token, SiteId site, String request) {
  /** Where it is sent, by POST. */
  public static final String PATH = "/spillway/join";

  /** As it is sent. */
  public byte[] encode() {
    JsonWriter json = new JsonWriter(1_024).beginObject();
    json.name("token").value(token.reveal()).name("site").value(site.value());
    return json.name("request").value(request).endObject().toByteArray();
  }

  /** Reads one. */
  public static JoinRequest decode(ByteSlice text) throws MalformedMessage {
    JsonFields fields = JsonFields.of(text);
    return new JoinRequest(
        JoinToken.parse(fields.text("token")),
        Names.read("site", fields.text("site"), SiteId::new),
        fields.text("request"));
  }
}
