package dev.spillway.core.policy;

import static dev.spillway.core.model.WorkloadClass.ONLINE_INFERENCE;
import static dev.spillway.core.policy.Story.AZURE_AI;
import static dev.spillway.core.policy.Story.GPT_4O;
import static dev.spillway.core.policy.Story.NOW;
import static dev.spillway.core.policy.Story.chat;
import static dev.spillway.core.policy.Story.heading;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.Site;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClauseTest {
  private static final Clause OURS = licence("azure-ai");
  private static final Clause THEIRS = licence("acme-ai");
  private static final Clause EITHER = licence("acme-ai", "azure-ai");

  @Test
  void aHomeSiteServesUnderTheHubsPlatform() {
    var home = at(Site.Role.HOME, null);

    assertThat(refuses(OURS, home)).isFalse();
    assertThat(refuses(EITHER, home)).isFalse();
    assertThat(refuses(THEIRS, home)).isTrue();
  }

  @Test
  void aPartnersSiteServesUnderThePlatformItExtends() {
    var ours = at(Site.Role.PARTNER, "azure-ai");
    var theirs = at(Site.Role.PARTNER, "acme-ai");

    assertThat(refuses(OURS, ours)).isFalse();
    assertThat(refuses(THEIRS, ours)).isTrue();
    assertThat(refuses(OURS, theirs)).isTrue();
    assertThat(refuses(THEIRS, theirs)).isFalse();
    assertThat(refuses(EITHER, theirs)).isFalse();
  }

  @Test
  void aPartnersSiteThatExtendsNothingServesUnderNoPlatform() {
    assertThat(refuses(EITHER, at(Site.Role.PARTNER, null))).isTrue();
  }

  @Test
  void capsAndHomeFirstConcernNobodyAndExcludeNothing() {
    var cap = new Clause.Cap(heading("cap"), Story.ORACLE, NanoUsd.ZERO, 0.0, Period.DAY);
    var first = new Clause.OfferHomeFirst(heading("first"), List.of(ONLINE_INFERENCE));

    for (Clause clause : List.of(cap, first)) {
      assertThat(clause.concerns(Story.CHATGPT, ONLINE_INFERENCE)).isFalse();
      assertThat(clause.excludes(at(Site.Role.HOME, null), AZURE_AI)).isFalse();
    }
  }

  private static boolean refuses(Clause clause, Deployment deployment) {
    return clause.refuses(chat(), deployment, AZURE_AI, NOW);
  }

  private static Clause licence(String... platforms) {
    var under = List.of(platforms).stream().map(PlatformId::new).toList();
    return new Clause.Licence(heading("licence"), List.of(GPT_4O), under);
  }

  private static Deployment at(Site.Role role, @Nullable String platform) {
    return Story.deployment("chat", Story.site("site", "oracle", role, "us", platform), GPT_4O);
  }
}
