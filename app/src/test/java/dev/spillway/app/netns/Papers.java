package dev.spillway.app.netns;

import dev.spillway.control.sites.Enrolment;
import dev.spillway.control.sites.FileSiteStore;
import dev.spillway.control.sites.SiteKeys;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import dev.spillway.wire.link.EnrolmentAnswer.Enrolled;
import dev.spillway.wire.link.JoinRequest;
import dev.spillway.wire.link.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Tokens and identities as a hub gives them, or gave them once. */
final class Papers {
  private static final ProviderId ORACLE = new ProviderId("oracle");
  private static final FileAttribute<?> OWNERS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final SiteKeys keys;
  private final Enrolment enrolment;

  private Papers(SiteKeys keys, Enrolment enrolment) {
    this.keys = keys;
    this.enrolment = enrolment;
  }

  /** Of the hub that keeps this folder, so long ago. */
  static Papers of(Path links, Duration ago) throws IOException {
    FileSiteStore store = FileSiteStore.in(links);
    SiteKeys keys = SiteKeys.of(store, null, Instant.now());
    Clock then = Clock.offset(Clock.systemUTC(), ago.negated());
    return new Papers(keys, new Enrolment(store, keys, Enrolment.Terms.DEFAULT, then));
  }

  /** What lets an agent in. */
  String token(SiteId site) throws IOException {
    return enrolment.token(site, ORACLE, List.of()).reveal();
  }

  /** Makes the folder of an agent that joined. */
  void join(SiteId site, Path state) throws Exception {
    join(site, state, this);
  }

  /** Makes the folder of an agent that was let in here, and believes to be another hub's. */
  void join(SiteId site, Path state, Papers trusted) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    String request =
        Pem.ofRequest(
            new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                .getEncoded());
    Enrolled enrolled =
        (Enrolled)
            enrolment.join(
                new JoinRequest(enrolment.token(site, ORACLE, List.of()), site, request));
    Enrolled kept =
        new Enrolled(
            site,
            enrolled.certificate(),
            Pem.of(trusted.keys.authority().certificate()),
            enrolled.policyKey(),
            enrolled.sealKey(),
            Instant.EPOCH);
    Files.createDirectories(state);
    Path key = Files.createFile(state.resolve("agent-key.pem"), OWNERS);
    Files.writeString(key, Pem.of(pair.getPrivate()));
    Files.write(state.resolve("identity.json"), kept.encode());
  }
}
