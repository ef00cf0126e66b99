package dev.spillway.site.identity;

import dev.spillway.core.model.SiteId;
import dev.spillway.core.seal.SealKey;
import dev.spillway.wire.link.EnrolmentAnswer.Enrolled;
import dev.spillway.wire.link.MalformedMessage;
import dev.spillway.wire.link.Pem;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * All that an agent needs to be itself, and to know its hub.
 *
 * @param site as which it serves
 * @param key made here; never leaves
 * @param certificate of that key
 * @param authority who signs for the hub
 * @param policyKey who signs policy bundles
 * @param sealKey under which the facts of requests are sealed for this site
 */
public record SiteIdentity(
    SiteId site,
    PrivateKey key,
    X509Certificate certificate,
    X509Certificate authority,
    PublicKey policyKey,
    SealKey sealKey) {
  /** Of what a hub answered to a request made with this key. */
  static SiteIdentity of(PrivateKey key, Enrolled enrolled) throws MalformedMessage {
    return new SiteIdentity(
        enrolled.site(),
        key,
        Pem.certificate(enrolled.certificate()),
        Pem.certificate(enrolled.authority()),
        Pem.publicKey("Ed25519", enrolled.policyKey()),
        enrolled.sealKey());
  }

  /** Whether it is younger than this one, and all else that a running agent holds is the same. */
  boolean replaces(SiteIdentity older) {
    return begins().isAfter(older.begins())
        && site.equals(older.site)
        && authority.equals(older.authority)
        && policyKey.equals(older.policyKey)
        && sealKey.reveal().equals(older.sealKey.reveal());
  }

  private Instant begins() {
    return certificate.getNotBefore().toInstant();
  }

  @Override
  public String toString() {
    return "SiteIdentity[" + site + "]";
  }
}
