package dev.spillway.core.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SealTest {
  private static final SiteId CHICAGO = new SiteId("oci-chicago");
  private static final DeploymentId CHAT = new DeploymentId("chat-oci");
  private static final TenantId TENANT = new TenantId("chatgpt");
  private static final SealKey KEY = SealKey.of(new byte[SealKey.BYTES]);
  private static final Facts FACTS =
      new Facts(
          new Ask(
              TENANT,
              WorkloadClass.BATCH_INFERENCE,
              new ModelName("gpt-4o"),
              List.of(new Geography("us"), new Geography("eu"))),
          "contract:3:x",
          "r-1 5:\u00fc",
          1_700_000_000);

  @Test
  void opensAtTheSiteWithEverythingButTheTenantsName() {
    String sealed = Seal.forSite(Seal.of(FACTS, KEY), KEY, CHICAGO, CHAT);

    Facts opened = Seal.openAtSite(sealed, KEY.forSite(CHICAGO), CHAT).orElseThrow();

    assertThat(opened).isEqualTo(FACTS.of(KEY.pseudonym(CHICAGO, TENANT)));
    assertThat(opened.ask().tenant()).isNotEqualTo(TENANT);
  }

  @Test
  void callsEachAttemptOfARequestOtherwise() {
    assertThat(Facts.idOfAttempt("r", 1)).isNotEqualTo(Facts.idOfAttempt("r", 2));
  }

  @Test
  void callsATenantOtherwiseAtEverySite() {
    assertThat(KEY.pseudonym(CHICAGO, TENANT))
        .isEqualTo(KEY.pseudonym(CHICAGO, TENANT))
        .isNotEqualTo(KEY.pseudonym(new SiteId("oci-ashburn"), TENANT));
  }

  @Test
  void marksANameWithoutShowingItTheSameEveryTime() {
    SealKey site = KEY.forSite(CHICAGO);

    assertThat(site.mark("engine-1"))
        .matches("[A-Za-z0-9_-]{8}")
        .isEqualTo(KEY.forSite(CHICAGO).mark("engine-1"))
        .isNotEqualTo(site.mark("engine-2"))
        .isNotEqualTo(KEY.forSite(new SiteId("oci-ashburn")).mark("engine-1"));
  }

  @Test
  void doesNotPassOnWhatAnotherSealed() {
    byte[] other = new byte[SealKey.BYTES];
    other[0] = 1;

    assertThat(Seal.forSite(Seal.of(FACTS, SealKey.of(other)), KEY, CHICAGO, CHAT)).isEmpty();
  }

  @Test
  void doesNotPassOnWhatWasSealedForASite() {
    String forSite = Seal.forSite(Seal.of(FACTS, KEY), KEY, CHICAGO, CHAT);

    assertThat(Seal.forSite(forSite, KEY, CHICAGO, CHAT)).isEmpty();
    assertThat(Seal.openAtSite(Seal.of(FACTS, KEY), KEY.forSite(CHICAGO), CHAT)).isEmpty();
  }

  @Test
  void opensForItsOwnDeploymentAndSiteOnly() {
    String sealed = Seal.forSite(Seal.of(FACTS, KEY), KEY, CHICAGO, CHAT);

    assertThat(Seal.openAtSite(sealed, KEY.forSite(CHICAGO), new DeploymentId("other"))).isEmpty();
    assertThat(Seal.openAtSite(sealed, KEY.forSite(new SiteId("other")), CHAT)).isEmpty();
  }

  @RepeatedTest(200)
  void doesNotOpenWhatWasChangedAnywhere(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    String sealed = Seal.forSite(Seal.of(FACTS, KEY), KEY, CHICAGO, CHAT);
    int at = random.nextInt(sealed.length() - 1); // the last character has bits that mean nothing
    char other = (char) (33 + random.nextInt(94));
    String changed = sealed.substring(0, at) + other + sealed.substring(at + 1);

    boolean same = changed.equals(sealed);

    assertThat(Seal.openAtSite(changed, KEY.forSite(CHICAGO), CHAT).isPresent())
        .as("seed %s: %s", repetition.getCurrentRepetition(), changed)
        .isEqualTo(same);
  }
}
