package dev.spillway.site.identity;

import dev.spillway.wire.link.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** A key, and the request to certify it (PKCS#10). */
final class CertificateRequest {
  private CertificateRequest() {}

  /** A new key on P-256. */
  static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has EC keys on P-256", e);
    }
  }

  /** Signed by the key itself, which proves that whoever asks has it. */
  static String of(KeyPair pair) {
    try {
      return Pem.ofRequest(
          new JcaPKCS10CertificationRequestBuilder(
                  new X500Name("CN=Spillway link"), pair.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
              .getEncoded());
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("cannot sign with a key just made", e);
    }
  }
}
