package dev.spillway.site.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.bundle.SiteBundle;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.seal.Facts;
import dev.spillway.core.seal.Seal;
import dev.spillway.core.seal.SealKey;
import dev.spillway.wire.link.BundleJson;
import dev.spillway.wire.link.BundleRefusal;
import dev.spillway.wire.link.SignedBundle;
import dev.spillway.wire.link.SiteRefusal;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuardTest {
  private static final SiteId CHICAGO = new SiteId("oci-chicago");
  private static final DeploymentId CHAT = new DeploymentId("chat-oci");
  private static final ModelName MODEL = new ModelName("gpt-4o");
  private static final TenantId TENANT = new TenantId("chatgpt");
  private static final long HOUR = 3_600;

  private final SealKey platform = SealKey.of(new byte[SealKey.BYTES]);
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private KeyPair policy;
  private Guard guard;

  @BeforeEach
  void begin() throws GeneralSecurityException {
    policy = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    guard = new Guard(CHICAGO, policy.getPublic(), platform.forSite(CHICAGO), () -> now);
  }

  @Test
  void refusesEverythingBeforeItHasABundle() {
    assertThat(reason()).isEqualTo(SiteRefusal.NO_BUNDLE);
  }

  @Test
  void servesByABundleThatTheHubSigned() {
    assertThat(guard.offer(signed(1, CHICAGO))).isEmpty();

    assertThat(reason()).isNull();
    assertThat(guard.bundleVersion()).isEqualTo(1);
  }

  @Test
  void judgesByNoBundleThatIsTooOldByAClockThatWentWrong() {
    guard.offer(signed(1, CHICAGO));
    assertThat(guard.judgingVersion()).isEqualTo(1);

    now = now.plusSeconds(2 * HOUR);
    assertThat(guard.judgingVersion()).isZero();
    assertThat(guard.bundleVersion()).isEqualTo(1);

    now = now.minusSeconds(2 * HOUR);
    assertThat(guard.judgingVersion()).isEqualTo(1);
  }

  @Test
  void takesNoBundleThatAnotherSigned() throws GeneralSecurityException {
    KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    SignedBundle forged = SignedBundle.sign(payload(1, CHICAGO), other.getPrivate());

    assertThat(guard.offer(forged)).contains("not signed");
    assertThat(reason()).isEqualTo(SiteRefusal.NO_BUNDLE);
  }

  @Test
  void takesNoBundleOfWhichAByteWasChanged() {
    SignedBundle good = signed(1, CHICAGO);
    String text = good.payload();

    for (int i = 0; i < text.length(); i += 7) {
      char other = text.charAt(i) == 'x' ? 'y' : 'x';
      String changed = text.substring(0, i) + other + text.substring(i + 1);
      assertThat(guard.offer(new SignedBundle(changed, good.signature()))).isNotEmpty();
    }
    assertThat(guard.offer(new SignedBundle(text, ""))).isNotEmpty();
    assertThat(guard.offer(new SignedBundle(text, "not base64!"))).isNotEmpty();
  }

  @Test
  void takesNoBundleOfAnotherSite() {
    assertThat(guard.offer(signed(1, new SiteId("oci-ashburn")))).contains("oci-ashburn");
  }

  @Test
  void takesNoBundleThatIsOlderThanOneItSaw() {
    guard.offer(signed(7, CHICAGO));

    assertThat(guard.offer(signed(6, CHICAGO))).contains("version 6 after 7");
    assertThat(guard.offer(signed(7, CHICAGO))).contains("version 7 after 7");
    assertThat(guard.bundleVersion()).isEqualTo(7);
  }

  @Test
  void takesNoBundleThatIsExpired() {
    now = now.plusSeconds(HOUR);

    assertThat(guard.offer(signedUntil(1, now.getEpochSecond()))).contains("expired");
  }

  @Test
  void countsTheBundlesThatItDoesNotTakeByReason() throws GeneralSecurityException {
    KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    SignedBundle good = signed(7, CHICAGO);
    guard.take(good);

    assertThat(guard.take(SignedBundle.sign(payload(8, CHICAGO), other))).contains("another key");
    guard.take(SignedBundle.sign(payload(8, CHICAGO), other.getPrivate()));
    guard.take(new SignedBundle(good.payload() + " ", good.signature()));
    guard.take(SignedBundle.sign("{}", policy));
    guard.take(signed(8, new SiteId("oci-ashburn")));
    guard.take(signedUntil(9, now.getEpochSecond()));
    guard.take(signed(6, CHICAGO));
    guard.take(signed(7, CHICAGO));
    guard.take(good);

    assertThat(guard.bundleRefusals())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                BundleRefusal.UNKNOWN_KEY, 1L,
                BundleRefusal.SIGNATURE, 2L,
                BundleRefusal.MALFORMED, 1L,
                BundleRefusal.OTHER_SITE, 1L,
                BundleRefusal.EXPIRED, 1L,
                BundleRefusal.ROLLED_BACK, 3L));
    assertThat(guard.bundleVersion()).isEqualTo(7);
  }

  @Test
  void takesABundleThatSaysItsKeyAndCountsNoneThatItOnlyRecalls() {
    assertThat(guard.take(SignedBundle.sign(payload(1, CHICAGO), policy))).isEmpty();

    guard.offer(signed(1, CHICAGO));

    assertThat(guard.bundleRefusals().values()).containsOnly(0L);
  }

  @Test
  void letsNothingInOnceItsBundleIsTooOld() {
    guard.offer(signed(1, CHICAGO));

    now = now.plusSeconds(HOUR);

    assertThat(reason()).isEqualTo(SiteRefusal.BUNDLE_EXPIRED);
  }

  @Test
  void servesAcrossClocksTenMinutesApart() {
    guard.offer(signed(1, CHICAGO));
    Instant hub = now.plus(Duration.ofMinutes(10));

    assertThat(reason(facts(hub), CHAT)).isNull();
    assertThat(reason(facts(now.minus(Duration.ofMinutes(10))), CHAT)).isNull();
    assertThat(reason(facts(now.minus(Duration.ofHours(2))), CHAT)).isEqualTo(SiteRefusal.STALE);
  }

  @Test
  void takesFactsForTheDeploymentOnlyForWhichTheyWereSealed() {
    guard.offer(signed(1, CHICAGO));

    assertThat(reason(facts(now), new DeploymentId("chat-other"))).isEqualTo(SiteRefusal.FORGED);
  }

  @Test
  void knowsAnAdmittedTenantByItsPseudonym() {
    guard.offer(signed(1, CHICAGO));

    assertThat(guard.judge(facts(now), "r-1", CHAT))
        .isEqualTo(new Guard.Admitted(platform.pseudonym(CHICAGO, TENANT)));
  }

  private @Nullable SiteRefusal reason() {
    return reason(facts(now), CHAT);
  }

  private @Nullable SiteRefusal reason(String facts, DeploymentId deployment) {
    return guard.judge(facts, "r-1", deployment) instanceof Guard.Refused refused
        ? refused.reason()
        : null;
  }

  private String facts(Instant at) {
    Ask ask = new Ask(TENANT, WorkloadClass.ONLINE_INFERENCE, MODEL, List.of());
    Facts facts = new Facts(ask, "c1", "r-1", at.getEpochSecond());
    return Seal.forSite(Seal.of(facts, platform), platform, CHICAGO, CHAT);
  }

  private SignedBundle signed(long version, SiteId site) {
    return SignedBundle.sign(payload(version, site), policy.getPrivate());
  }

  private SignedBundle signedUntil(long version, long notAfter) {
    return SignedBundle.sign(payload(version, CHICAGO, notAfter), policy.getPrivate());
  }

  private String payload(long version, SiteId site) {
    return payload(version, site, now.getEpochSecond() + HOUR);
  }

  private String payload(long version, SiteId id, long notAfter) {
    Site site =
        new Site(
            id,
            new ProviderId("oracle"),
            Site.Role.PARTNER,
            new Geography("us"),
            new PlatformId("azure-ai"),
            Duration.ZERO);
    SiteBundle.Guest guest =
        new SiteBundle.Guest(
            platform.pseudonym(CHICAGO, TENANT),
            List.of(WorkloadClass.ONLINE_INFERENCE),
            List.of(),
            List.of());
    return BundleJson.write(
        new SiteBundle(
            version,
            notAfter,
            "c1",
            new PlatformId("azure-ai"),
            site,
            List.of(new SiteBundle.Served(CHAT, MODEL)),
            List.of(guest),
            List.of()));
  }
}
