package dev.spillway.control.sites;

import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.seal.SealKey;
import dev.spillway.wire.link.EnrolmentAnswer;
import dev.spillway.wire.link.EnrolmentAnswer.Enrolled;
import dev.spillway.wire.link.EnrolmentAnswer.Reason;
import dev.spillway.wire.link.EnrolmentAnswer.Refused;
import dev.spillway.wire.link.JoinRequest;
import dev.spillway.wire.link.JoinToken;
import dev.spillway.wire.link.LinkNames;
import dev.spillway.wire.link.MalformedMessage;
import dev.spillway.wire.link.Pem;
import dev.spillway.wire.link.RenewRequest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Lets agents in: by a token the first time, by the key they have ever after.
 *
 * <p>Only the hub's clock counts here, so that a site's may be wrong. Blocks.
 */
public final class Enrolment {
  /** How long a token is good for. */
  public static final Duration TOKEN_LIFE = Duration.ofMinutes(15);

  private static final Duration TOKENS_REMEMBERED = Duration.ofDays(7);

  private final SiteStore store;
  private final SiteKeys keys;
  private final Terms terms;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /** Of this hub. */
  public Enrolment(SiteStore store, SiteKeys keys, Terms terms, Clock clock) {
    this.store = store;
    this.keys = keys;
    this.terms = terms;
    this.clock = clock;
  }

  /**
   * For how long agents are let in.
   *
   * @param certificateLife of an agent's certificate, more than zero; default 24 h
   * @param grace how long after its end an agent may still renew with its key, at least zero;
   *     default 7 days
   */
  public record Terms(Duration certificateLife, Duration grace) {
    /** The defaults above. */
    public static final Terms DEFAULT = new Terms(Duration.ofHours(24), Duration.ofDays(7));

    /** Checks every bound. */
    public Terms {
      if (!certificateLife.isPositive() || grace.isNegative()) {
        throw new IllegalArgumentException(
            "links: " + certificateLife + ", " + grace + " (expected: > 0 and >= 0)");
      }
    }
  }

  /** Makes a token that lets one agent in as this site; only its hash is kept. */
  public JoinToken token(SiteId site, ProviderId provider, List<TenantId> tenants)
      throws IOException {
    byte[] secret = new byte[JoinToken.SECRET_BYTES];
    random.nextBytes(secret);
    JoinToken token = JoinToken.of(secret, encoded(keys.authority().certificate()));
    store.forgetTokens(clock.instant().minus(TOKENS_REMEMBERED));
    store.put(
        token.hash(), new JoinGrant(site, provider, tenants, clock.instant().plus(TOKEN_LIFE)));
    return token;
  }

  /** Answers one who comes with a token. */
  public EnrolmentAnswer join(JoinRequest request) throws IOException {
    String hash = request.token().hash();
    Optional<JoinGrant> found = store.find(hash);
    if (found.isEmpty()) {
      return joinAgain(request, hash);
    }
    JoinGrant grant = found.get();
    if (!clock.instant().isBefore(grant.expiresAt())) {
      return new Refused(
          Reason.TOKEN_EXPIRED,
          "the token expired at " + grant.expiresAt() + "; ask the hub's operator for another");
    }
    if (!grant.site().equals(request.site())) {
      return new Refused(Reason.OTHER_SITE, "the token is not for site " + request.site());
    }
    Optional<PublicKey> key = CertificateRequests.keyOf(request.request());
    if (key.isEmpty()) {
      return malformed();
    }
    String keyId = LinkNames.keyId(key.get());
    if (!store.use(hash, keyId)) {
      return used();
    }
    store.put(
        new AgentRecord(
            keyId, grant.site(), grant.provider(), grant.tenants(), clock.instant(), null));
    return enrolled(key.get(), grant.site());
  }

  /** Answers one who joined before. */
  public EnrolmentAnswer renew(RenewRequest request) throws IOException {
    X509Certificate old;
    try {
      old = Pem.certificate(request.certificate());
    } catch (MalformedMessage e) {
      return malformed();
    }
    Optional<AgentRecord> agent = agentOf(old);
    if (agent.isEmpty()) {
      return new Refused(
          Reason.UNKNOWN_AGENT, "this hub never let that agent in; join with a token of this hub");
    }
    Optional<PublicKey> key = CertificateRequests.keyOf(request.request());
    if (key.isEmpty() || !key.get().equals(old.getPublicKey())) {
      return new Refused(Reason.OTHER_KEY, "the request is not signed by the certificate's key");
    }
    if (agent.get().revokedAt() != null) {
      return revoked();
    }
    Instant end = old.getNotAfter().toInstant().plus(terms.grace());
    if (clock.instant().isAfter(end)) {
      return new Refused(
          Reason.GRACE_OVER,
          "the certificate ended at "
              + old.getNotAfter().toInstant()
              + ", longer ago than this hub forgives; join with a new token");
    }
    return enrolled(key.get(), agent.get().site());
  }

  /**
   * What a revocation ended.
   *
   * @param agents that were told to leave
   * @param tokens that nobody had used, and nobody can use now
   */
  public record Revoked(int agents, int tokens) {}

  /** Tells every agent of a site to leave, and lets none in by a token that was made before. */
  public Revoked revoke(SiteId site) throws IOException {
    int tokens = store.withdrawTokens(site);
    int agents = 0;
    for (AgentRecord agent : store.agents()) {
      if (agent.site().equals(site) && agent.revokedAt() == null) {
        store.put(agent.revoked(clock.instant()));
        agents++;
      }
    }
    return new Revoked(agents, tokens);
  }

  /**
   * An answer can be lost on its way: whoever proves to have the key that was let in hears it once
   * more, while the token would have been good.
   */
  private EnrolmentAnswer joinAgain(JoinRequest request, String hash) throws IOException {
    Optional<String> usedBy = store.usedBy(hash);
    if (usedBy.isEmpty()) {
      return unknown();
    }
    Optional<PublicKey> key = CertificateRequests.keyOf(request.request());
    if (key.isEmpty() || !LinkNames.keyId(key.get()).equals(usedBy.get())) {
      return used();
    }
    Optional<AgentRecord> agent = store.agent(usedBy.get());
    if (agent.isEmpty()
        || !agent.get().site().equals(request.site())
        || !clock.instant().isBefore(agent.get().joinedAt().plus(TOKEN_LIFE))) {
      return used();
    }
    return agent.get().revokedAt() == null ? enrolled(key.get(), request.site()) : revoked();
  }

  private Optional<AgentRecord> agentOf(X509Certificate certificate) throws IOException {
    try {
      certificate.verify(keys.authority().certificate().getPublicKey());
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
    return store
        .agent(LinkNames.keyId(certificate.getPublicKey()))
        .filter(agent -> agent.site().equals(LinkNames.site(certificate)));
  }

  private Enrolled enrolled(PublicKey key, SiteId site) {
    Instant now = clock.instant();
    SealKey seal = keys.seal().forSite(site);
    return new Enrolled(
        site,
        Pem.of(keys.authority().agent(key, site, now, terms.certificateLife())),
        Pem.of(keys.authority().certificate()),
        Pem.of(keys.policy().getPublic()),
        seal,
        now);
  }

  private static Refused used() {
    return new Refused(
        Reason.TOKEN_USED,
        "the token has let an agent in already; if that was not you, revoke the site's agents");
  }

  private static Refused revoked() {
    return new Refused(Reason.REVOKED, "the agent was revoked; join with a new token");
  }

  private static Refused unknown() {
    return new Refused(
        Reason.TOKEN_UNKNOWN,
        "this hub knows no such token, or withdrew it when its site was revoked");
  }

  private static Refused malformed() {
    return new Refused(Reason.MALFORMED, "not a certificate request signed by an EC key on P-256");
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate without an encoding", e);
    }
  }
}
