package dev.spillway.app.netns;

import static dev.spillway.app.netns.LinkedProcesses.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.Main;
import dev.spillway.core.model.SiteId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may not link, or has the wrong time: refused where it must be, in words that help. */
class StrangersIT {
  private static final SiteId CHICAGO = new SiteId("oci-chicago");
  private static final SiteId ASHBURN = new SiteId("oci-ashburn");
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir static Path folder;
  static LinkedProcesses all;

  @BeforeAll
  static void start() throws Exception {
    all = LinkedProcesses.start(folder, LinkedProcesses.Wan.PLAIN);
  }

  @AfterAll
  static void stop() {
    if (all != null) {
      all.close();
    }
  }

  @AfterEach
  void restartOurs() {
    if (!all.agent().isAlive()) {
      all.startAgent();
      until("ours is back", SOON, () -> all.client.whole("m-far", "hi").whole());
    }
  }

  @Test
  void refusesATokenThatWasUsed() throws Exception {
    assertThat(refusedJoin("replayed", all.usedToken()))
        .contains("not joined: ", "let an agent in already", "revoke the site's agents");
  }

  @Test
  void refusesATokenThatExpired() throws Exception {
    String token = papers(Duration.ofMinutes(16)).token(CHICAGO);

    assertThat(refusedJoin("late", token))
        .contains("not joined: ", "the token expired at ", "ask the hub's operator for another");
  }

  @Test
  void refusesATokenOfAnotherSite() throws Exception {
    String token = papers(Duration.ZERO).token(ASHBURN);

    assertThat(refusedJoin("misplaced", token))
        .contains("not joined: ", "the token is not for site oci-chicago");
  }

  @Test
  void showsATokenToNoHubButItsOwn() throws Exception {
    String token = otherHub().token(CHICAGO);

    assertThat(refusedJoin("lost", token))
        .contains("not joined: ", "not the hub that this agent joins or joined");
  }

  @Test
  void linksToNoHubButItsOwn() throws Exception {
    otherHub().join(CHICAGO, state("foreign"));

    try (Program _ = agent("foreign", "oci-chicago")) {
      until("it says why", SOON, () -> status("foreign").contains("not the hub that this agent"));
      assertThat(status("foreign")).contains(": not linked");
    }
  }

  @Test
  void letsNobodyInWhomAnotherAuthoritySigned() throws Exception {
    int lines = all.hub().lines();
    otherHub().join(CHICAGO, state("forged"), papers(Duration.ZERO));

    try (Program _ = agent("forged", "oci-chicago")) {
      all.hub().awaitLine("not signed by this hub's authority", lines, SOON);
      assertThat(status("forged")).contains(": not linked");
    }
  }

  @Test
  void renewsACertificateThatEndedWhileTheAgentWasOffline() throws Exception {
    papers(Duration.ofHours(25)).join(CHICAGO, state("rested"));
    String before = Files.readString(state("rested").resolve("identity.json"));

    try (Program _ = agent("rested", "oci-chicago")) {
      until("it is linked", SOON, () -> status("rested").contains(": linked, 4"));
      assertThat(Files.readString(state("rested").resolve("identity.json"))).isNotEqualTo(before);
    }
  }

  @Test
  void forgivesNoCertificateThatEndedLongAgo() throws Exception {
    papers(Duration.ofDays(9)).join(CHICAGO, state("forgotten"));
    int lines = all.hub().lines();

    try (Program agent = agent("forgotten", "oci-chicago")) {
      agent.awaitLine("longer ago than this hub forgives; join with a new token");
      all.hub().awaitLine("is not linked: ", lines, SOON);
      assertThat(status("forgotten")).contains(": not linked");
    }
  }

  @Test
  void believesAnAgentNothingOfAnotherSite() throws Exception {
    papers(Duration.ZERO).join(ASHBURN, state("ashburn"));
    all.agent().close();
    try (Program _ = agent("ashburn", "oci-ashburn")) {
      until("it is linked", SOON, () -> status("ashburn").contains(": linked, 4"));
      until("ours is known to be gone", SOON, StrangersIT::isRefused);

      Load load = Load.start(all.client, List.of("m-far"), 4);
      until("many asked", SOON, () -> load.said().size() > 100);
      load.stop();
      assertThat(load.said()).allSatisfy(each -> assertThat(each.status()).isEqualTo(503));
      assertThat(status("ashburn")).contains("refused       0");
    }
  }

  @Test
  void startsNoAgentWithThePapersOfAnotherSite() throws Exception {
    papers(Duration.ZERO).join(ASHBURN, state("borrowed"));

    Program agent = started("borrowed", "oci-chicago");

    assertThat(agent.awaitEnd()).isNotZero();
    assertThat(agent.text()).contains("site: oci-chicago, but ", "is of site oci-ashburn");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT10M", "PT-10M"})
  void servesWithAClockThatIsWrongByTenMinutes(String wrong) throws Exception {
    all.agent().close();
    until("ours is known to be gone", SOON, StrangersIT::isRefused);

    try (Program agent = skewed(wrong)) {
      agent.awaitLine("its page is");
      until("it serves", SOON, () -> all.client.whole("m-far", "hi").whole());
      for (int i = 0; i < 50; i++) {
        assertThat(all.client.whole("m-far", "hi").whole()).isTrue();
      }
      assertThat(all.status()).contains("refused       0");
    }
  }

  @Test
  void saysSoWhenTheClockIsWrongByTwoHours() throws Exception {
    all.agent().close();
    until("ours is known to be gone", SOON, StrangersIT::isRefused);

    try (Program agent = skewed("PT2H")) {
      agent.awaitLine("policy bundle refused: expired at ");
      assertThat(isRefused()).isTrue();
    }
  }

  private static Program skewed(String wrong) {
    return all.program("site", all.siteFolder, SkewedAgentProgram.class, "site.yaml", wrong);
  }

  private static boolean isRefused() {
    return all.client.whole("m-far", "hi").status() == 503;
  }

  private static Papers papers(Duration ago) throws Exception {
    return Papers.of(all.hubFolder.resolve("links"), ago);
  }

  private static Papers otherHub() throws Exception {
    return Papers.of(folder.resolve("other-hub"), Duration.ZERO);
  }

  private static Path state(String name) {
    return all.siteFolder.resolve(name);
  }

  /** What it says to one who may not join; nothing of an identity is left there. */
  private static String refusedJoin(String name, String token) throws Exception {
    Program join = all.join(config(name, "oci-chicago"), token);

    assertThat(join.awaitEnd()).as(join.text()).isEqualTo(1);
    assertThat(state(name).resolve("identity.json")).doesNotExist();
    return join.text();
  }

  private static Program agent(String name, String site) throws Exception {
    Program agent = started(name, site);
    agent.awaitLine("its page is");
    return agent;
  }

  private static Program started(String name, String site) throws Exception {
    return all.program("site", all.siteFolder, Main.class, "site", "--config", config(name, site));
  }

  private static String config(String name, String site) throws Exception {
    String file = name + ".yaml";
    String status = all.siteHere + ":" + port(name);
    Files.writeString(all.siteFolder.resolve(file), Configs.site(site, name, status));
    return file;
  }

  private static String status(String name) {
    return all.page("http://" + all.siteHere + ":" + port(name) + "/");
  }

  /** A port of its own for each page, in a namespace where nobody else listens. */
  private static int port(String name) {
    return 10_000 + Math.floorMod(name.hashCode(), 10_000);
  }
}
