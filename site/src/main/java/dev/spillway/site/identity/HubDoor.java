package dev.spillway.site.identity;

import dev.spillway.core.model.SiteId;
import dev.spillway.site.proxy.HttpProxy;
import dev.spillway.wire.link.EnrolmentAnswer;
import dev.spillway.wire.link.EnrolmentAnswer.Enrolled;
import dev.spillway.wire.link.EnrolmentAnswer.Refused;
import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.JoinRequest;
import dev.spillway.wire.link.JoinToken;
import dev.spillway.wire.link.MalformedMessage;
import dev.spillway.wire.link.Pem;
import dev.spillway.wire.link.RenewRequest;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks one hub for certificates; blocks.
 *
 * @param hub its port for links
 * @param proxy an HTTP proxy that leads there; null if none is needed
 * @param clock by which the hub's certificate is judged
 * @param within how long it may take to answer, in all
 */
record HubDoor(HubAddress hub, @Nullable HttpProxy proxy, InstantSource clock, Duration within) {
  /**
   * Joins with this key: shows the token to the hub that the token describes and to no other.
   *
   * @throws EnrolmentException if it is another hub, or it refuses
   * @throws InterruptedException if the calling thread was interrupted
   */
  SiteIdentity join(JoinToken token, SiteId site, KeyPair pair)
      throws EnrolmentException, InterruptedException {
    JoinRequest request = new JoinRequest(token, site, CertificateRequest.of(pair));
    return identity(pair, ask(JoinRequest.PATH, request.encode(), HubTrust.by(token, clock)));
  }

  /**
   * Gets the next certificate for the same key.
   *
   * @throws EnrolmentException if the hub cannot be reached, or refuses
   * @throws InterruptedException if the calling thread was interrupted
   */
  SiteIdentity renew(SiteIdentity old) throws EnrolmentException, InterruptedException {
    KeyPair pair = new KeyPair(old.certificate().getPublicKey(), old.key());
    RenewRequest request = new RenewRequest(Pem.of(old.certificate()), CertificateRequest.of(pair));
    HubTrust trust = HubTrust.by(old.authority(), clock);
    return identity(pair, ask(RenewRequest.PATH, request.encode(), trust));
  }

  private Enrolled ask(String path, byte[] body, HubTrust trust)
      throws EnrolmentException, InterruptedException {
    HubRequest.Answer answer;
    try {
      answer = HubRequest.post(hub, path, body, new HubRequest.Way(proxy, trust, within));
    } catch (IOException e) {
      throw new EnrolmentException("no hub at " + hub + ": " + e.getMessage(), e);
    }
    try {
      return switch (EnrolmentAnswer.decode(answer.body())) {
        case Enrolled enrolled -> enrolled;
        case Refused refused -> throw new EnrolmentException(hub, refused);
      };
    } catch (MalformedMessage e) {
      throw new EnrolmentException(
          "no hub at " + hub + ": what is there answers " + answer.status(), e);
    }
  }

  private SiteIdentity identity(KeyPair pair, Enrolled enrolled) throws EnrolmentException {
    try {
      SiteIdentity identity = SiteIdentity.of(pair.getPrivate(), enrolled);
      if (!identity.certificate().getPublicKey().equals(pair.getPublic())) {
        throw new MalformedMessage("a certificate of another key");
      }
      return identity;
    } catch (MalformedMessage e) {
      throw new EnrolmentException("the hub at " + hub + " answered " + e.getMessage(), e);
    }
  }
}
