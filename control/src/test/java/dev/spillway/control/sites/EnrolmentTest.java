package dev.spillway.control.sites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import dev.spillway.wire.link.EnrolmentAnswer;
import dev.spillway.wire.link.EnrolmentAnswer.Enrolled;
import dev.spillway.wire.link.EnrolmentAnswer.Reason;
import dev.spillway.wire.link.EnrolmentAnswer.Refused;
import dev.spillway.wire.link.JoinRequest;
import dev.spillway.wire.link.JoinToken;
import dev.spillway.wire.link.LinkNames;
import dev.spillway.wire.link.Pem;
import dev.spillway.wire.link.RenewRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolmentTest {
  private static final SiteId CHICAGO = new SiteId("oci-chicago");
  private static final SiteId ABILENE = new SiteId("oci-abilene");
  private static final ProviderId ORACLE = new ProviderId("oracle");

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final KeyPair agent = newKey("secp256r1");
  private SiteStore store;
  private SiteKeys keys;
  private Enrolment enrolment;

  @BeforeEach
  void openStore() throws Exception {
    store = FileSiteStore.in(folder.resolve("links"));
    keys = SiteKeys.of(store, null, clock.instant());
    enrolment = new Enrolment(store, keys, Enrolment.Terms.DEFAULT, clock);
  }

  @Test
  void givesACertificateForADayThatNamesTheSite() throws Exception {
    X509Certificate given = Pem.certificate(joined().certificate());

    assertThat(LinkNames.site(given)).isEqualTo(CHICAGO);
    assertThat(LinkNames.isHub(given)).isFalse();
    assertThat(given.getPublicKey()).isEqualTo(agent.getPublic());
    assertThat(given.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(given.getNotAfter().toInstant())
        .isEqualTo(clock.instant().plus(Duration.ofHours(24)));
  }

  @Test
  void certificatesAreGoodWhereTheClockIsTenMinutesSlow() throws Exception {
    X509Certificate given = Pem.certificate(joined().certificate());
    X509Certificate hub = keys.authority().hub(clock.instant()).certificate();

    assertThat(List.of(given, hub))
        .allSatisfy(each ->
            assertThat(each.getNotBefore().toInstant())
                .isBefore(clock.instant().minus(Duration.ofMinutes(10))));
  }

  @Test
  void takesATokenOnce() throws Exception {
    JoinToken token = token();
    enrolment.join(request(token, CHICAGO));

    assertThat(refusal(enrolment.join(another(token)))).isEqualTo(Reason.TOKEN_USED);
  }

  @Test
  void letsTheSameKeyInOnceMoreAsLongAsItsTokenIsGood() throws Exception {
    JoinToken token = token();
    enrolment.join(request(token, CHICAGO));

    clock.advance(Enrolment.TOKEN_LIFE.minusSeconds(1));
    EnrolmentAnswer again = enrolment.join(request(token, CHICAGO));
    clock.advance(Duration.ofSeconds(1));
    EnrolmentAnswer late = enrolment.join(request(token, CHICAGO));

    assertThat(again).isInstanceOf(Enrolled.class);
    assertThat(store.agents()).hasSize(1);
    assertThat(refusal(late)).isEqualTo(Reason.TOKEN_USED);
  }

  @Test
  void letsNobodyInOnceMoreAsAnotherSiteOrAfterItWasRevoked() throws Exception {
    JoinToken token = token();
    enrolment.join(request(token, CHICAGO));

    assertThat(refusal(enrolment.join(request(token, ABILENE)))).isEqualTo(Reason.TOKEN_USED);
    enrolment.revoke(CHICAGO);
    assertThat(refusal(enrolment.join(request(token, CHICAGO)))).isEqualTo(Reason.REVOKED);
  }

  @Test
  void letsOneInOfManyWhoShowOneTokenAtOnce() throws Exception {
    JoinToken token = token();
    Callable<EnrolmentAnswer> join = () -> enrolment.join(another(token));

    List<EnrolmentAnswer> answers;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      answers =
          threads.invokeAll(Stream.generate(() -> join).limit(16).toList()).stream()
              .map(done -> done.resultNow())
              .toList();
    }

    assertThat(answers.stream().filter(Enrolled.class::isInstance)).hasSize(1);
  }

  @Test
  void refusesATokenAfterFifteenMinutes() throws Exception {
    JoinToken token = token();

    clock.advance(Enrolment.TOKEN_LIFE);

    assertThat(refusal(enrolment.join(request(token, CHICAGO)))).isEqualTo(Reason.TOKEN_EXPIRED);
  }

  @Test
  void refusesTheTokenOfAnotherSiteAndLeavesItUnused() throws Exception {
    JoinToken token = token();

    assertThat(refusal(enrolment.join(request(token, ABILENE)))).isEqualTo(Reason.OTHER_SITE);
    assertThat(enrolment.join(request(token, CHICAGO))).isInstanceOf(Enrolled.class);
  }

  @Test
  void refusesATokenThatWasNeverMade() throws Exception {
    JoinToken made = JoinToken.of(new byte[32], keys.authority().certificate().getEncoded());

    assertThat(refusal(enrolment.join(request(made, CHICAGO)))).isEqualTo(Reason.TOKEN_UNKNOWN);
  }

  @Test
  void refusesKeysOfAnotherKindAndRequestsThatAreNone() throws Exception {
    JoinToken token = token();
    KeyPair large = newKey("secp521r1");

    EnrolmentAnswer other = enrolment.join(new JoinRequest(token, CHICAGO, csr(large)));
    EnrolmentAnswer none =
        enrolment.join(new JoinRequest(token, CHICAGO, Pem.ofRequest(new byte[] {1, 2, 3})));

    assertThat(refusal(other)).isEqualTo(Reason.MALFORMED);
    assertThat(refusal(none)).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void renewsAnExpiredCertificateWithinGraceAndNotAfter() throws Exception {
    String old = joined().certificate();

    clock.advance(Duration.ofHours(24).plus(Duration.ofDays(7)));
    EnrolmentAnswer within = renew(old);
    clock.advance(Duration.ofSeconds(1));
    EnrolmentAnswer after = renew(old);

    assertThat(within).isInstanceOf(Enrolled.class);
    assertThat(refusal(after)).isEqualTo(Reason.GRACE_OVER);
  }

  @Test
  void renewsOnlyWithTheKeyOfTheCertificate() throws Exception {
    String old = joined().certificate();

    EnrolmentAnswer answer = enrolment.renew(new RenewRequest(old, csr(newKey("secp256r1"))));

    assertThat(refusal(answer)).isEqualTo(Reason.OTHER_KEY);
  }

  @Test
  void renewsNothingThatAnotherAuthoritySigned() throws Exception {
    SiteStore elsewhere = FileSiteStore.in(folder.resolve("elsewhere"));
    SiteKeys others = SiteKeys.of(elsewhere, null, clock.instant());
    joined();
    X509Certificate forged =
        others.authority().agent(agent.getPublic(), CHICAGO, clock.instant(), Duration.ofHours(24));

    assertThat(refusal(renew(Pem.of(forged)))).isEqualTo(Reason.UNKNOWN_AGENT);
  }

  @Test
  void renewsNothingOfARevokedSite() throws Exception {
    String old = joined().certificate();

    assertThat(enrolment.revoke(ABILENE).agents()).isZero();
    assertThat(enrolment.revoke(CHICAGO).agents()).isEqualTo(1);

    assertThat(refusal(renew(old))).isEqualTo(Reason.REVOKED);
  }

  @Test
  void withdrawsTheUnusedTokensOfARevokedSiteAndOfNoOther() throws Exception {
    JoinToken used = token();
    enrolment.join(request(used, CHICAGO));
    JoinToken unused = token();
    JoinToken elsewhere = enrolment.token(ABILENE, ORACLE, List.of());

    assertThat(enrolment.revoke(CHICAGO)).isEqualTo(new Enrolment.Revoked(1, 1));

    assertThat(refusal(enrolment.join(another(unused)))).isEqualTo(Reason.TOKEN_UNKNOWN);
    assertThat(refusal(enrolment.join(another(used)))).isEqualTo(Reason.TOKEN_USED);
    assertThat(enrolment.join(request(elsewhere, ABILENE))).isInstanceOf(Enrolled.class);
    assertThat(enrolment.join(another(token()))).as("made since").isInstanceOf(Enrolled.class);
  }

  @Test
  void keepsNoTokenInTheClearAndNoFileForOthers() throws Exception {
    JoinToken token = token();
    joined();

    try (Stream<Path> files = Files.walk(folder.resolve("links"))) {
      for (Path each : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
            .as(each.toString())
            .endsWith("------");
        if (Files.isRegularFile(each)) {
          assertThat(Files.readString(each)).doesNotContain(token.reveal());
        }
      }
    }
  }

  @Test
  void aSecondHubOnTheSameStoreHasTheSameKeys() throws Exception {
    SiteKeys second = SiteKeys.of(FileSiteStore.in(folder.resolve("links")), null, clock.instant());

    assertThat(second.authority().certificate()).isEqualTo(keys.authority().certificate());
    assertThat(second.seal().reveal()).isEqualTo(keys.seal().reveal());
  }

  @Test
  void refusesAStoreThatOthersCanRead() throws Exception {
    Path key = folder.resolve("links/secrets/authority.pem");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

    assertThat(catchThrowable(() -> SiteKeys.of(store, null, clock.instant())))
        .hasMessageContaining("others may use it");
  }

  private JoinToken token() throws Exception {
    return enrolment.token(CHICAGO, ORACLE, List.of());
  }

  private Enrolled joined() throws Exception {
    return (Enrolled) enrolment.join(request(token(), CHICAGO));
  }

  private EnrolmentAnswer renew(String old) throws Exception {
    return enrolment.renew(new RenewRequest(old, csr(agent)));
  }

  private JoinRequest request(JoinToken token, SiteId site) {
    return new JoinRequest(token, site, csr(agent));
  }

  private static JoinRequest another(JoinToken token) {
    return new JoinRequest(token, CHICAGO, csr(newKey("secp256r1")));
  }

  private static Reason refusal(EnrolmentAnswer answer) {
    assertThat(answer).isInstanceOf(Refused.class);
    return ((Refused) answer).reason();
  }

  private static String csr(KeyPair pair) {
    try {
      return Pem.ofRequest(
          new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), pair.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
              .getEncoded());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKey(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
