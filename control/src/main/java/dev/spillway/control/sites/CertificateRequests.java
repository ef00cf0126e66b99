package dev.spillway.control.sites;

import dev.spillway.wire.link.MalformedMessage;
import dev.spillway.wire.link.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.Optional;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** What agents send to get a certificate. Nothing in it counts but the key that signed it. */
final class CertificateRequests {
  private static final int P256_BITS = 256;

  private CertificateRequests() {}

  /** The key that made and signed it; empty if none did, or one of another kind. */
  static Optional<PublicKey> keyOf(String pem) {
    try {
      var request = new JcaPKCS10CertificationRequest(Pem.request(pem));
      PublicKey key = request.getPublicKey();
      boolean fits =
          key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() == P256_BITS;
      boolean signed =
          fits && request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
      return signed ? Optional.of(key) : Optional.empty();
    } catch (MalformedMessage
        | IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | RuntimeException e) {
      return Optional.empty(); // the parser throws whatever it likes on hostile bytes
    }
  }
}
