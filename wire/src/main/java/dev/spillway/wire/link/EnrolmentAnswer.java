package dev.spillway.wire.link;

import dev.spillway.core.model.SiteId;
import dev.spillway.core.seal.SealKey;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import java.time.Instant;
import java.util.Locale;

/** What a hub answers to one who wants to join, or to renew. */
public sealed interface EnrolmentAnswer {
  /**
   * It may.
   *
   * @param site as which it serves
   * @param certificate its own, PEM
   * @param authority who signs for the hub and for agents, PEM
   * @param policyKey by which it knows policy bundles, Ed25519 in PEM
   * @param sealKey by which it knows facts; of this site alone
   * @param now the hub's clock
   */
  record Enrolled(
      SiteId site,
      String certificate,
      String authority,
      String policyKey,
      SealKey sealKey,
      Instant now)
      implements EnrolmentAnswer {}

  /**
   * It may not.
   *
   * @param reason for programs
   * @param message for people: what to do
   */
  record Refused(Reason reason, String message) implements EnrolmentAnswer {}

  /** Why an agent is turned away. */
  enum Reason {
    /** What it sent could not be read. */
    MALFORMED,
    /** No such token was ever made here, or long ago. */
    TOKEN_UNKNOWN,
    /** The token has let somebody in already. */
    TOKEN_USED,
    /** The token was not used in time. */
    TOKEN_EXPIRED,
    /** The token is another site's. */
    OTHER_SITE,
    /** The certificate is not of this hub's authority, or its agent never joined. */
    UNKNOWN_AGENT,
    /** The request is not signed by the key of the certificate. */
    OTHER_KEY,
    /** The agent was told to leave. */
    REVOKED,
    /** The certificate expired longer ago than the hub forgives. */
    GRACE_OVER,
    /** The hub cannot do it now. */
    UNAVAILABLE
  }

  /** As it is sent. */
  default byte[] encode() {
    JsonWriter json = new JsonWriter(4_096).beginObject();
    switch (this) {
      case Enrolled(var site, var certificate, var authority, var policy, var seal, var now) -> {
        json.name("site").value(site.value()).name("certificate").value(certificate);
        json.name("authority").value(authority).name("policy_key").value(policy);
        json.name("seal_key").value(seal.reveal()).name("now_millis").value(now.toEpochMilli());
      }
      case Refused(var reason, var message) ->
          json.name("refused")
              .value(reason.name().toLowerCase(Locale.ROOT))
              .name("message")
              .value(message);
    }
    return json.endObject().toByteArray();
  }

  /** Reads one. */
  static EnrolmentAnswer decode(ByteSlice text) throws MalformedMessage {
    JsonFields fields = JsonFields.of(text);
    String refused = fields.textOrNull("refused");
    if (refused != null) {
      String name = refused.toUpperCase(Locale.ROOT);
      return new Refused(Names.read("refused", name, Reason::valueOf), fields.text("message"));
    }
    return new Enrolled(
        Names.read("site", fields.text("site"), SiteId::new),
        fields.text("certificate"),
        fields.text("authority"),
        fields.text("policy_key"),
        Names.read("seal_key", fields.text("seal_key"), SealKey::parse),
        Instant.ofEpochMilli(fields.number("now_millis")));
  }
}
