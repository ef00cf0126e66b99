package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.CHICAGO;
import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.tunnel.LinkConfig;
import dev.spillway.gateway.tunnel.LinkStatus;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.wire.link.LinkHeaders;
import dev.spillway.wire.link.LinkNames;
import dev.spillway.wire.link.SiteMessage;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An agent with a certificate of its own that does not say, once and in hex, which it is; or that
 * takes or says more than there is need for.
 */
class UnrulyAgentIT {
  @TempDir Path folder;
  @AutoClose private TestSite hub;

  @BeforeEach
  void start() throws Exception {
    hub = new TestSite(folder);
  }

  @Test
  void isTakenWhenItSaysWhatItShould() throws Exception {
    UnrulyAgent link = dial(List.of(head("200", "abc123")));

    until("it is known", () -> hub.links.status().size() == 1);
    assertThat(link.isOpen()).isTrue();
  }

  @Test
  void isClosedWhenItsNameIsNotHex() throws Exception {
    turnedAway(List.of(head("200", "agent\"} 1")));
  }

  @Test
  void isClosedWhenItsNameIsTooLong() throws Exception {
    turnedAway(List.of(head("200", "a".repeat(65))));
  }

  @Test
  void isClosedWhenItSaysNoName() throws Exception {
    turnedAway(List.of(new DefaultHttp2Headers().status("200")));
  }

  @Test
  void isClosedWhenItSaysTwoNames() throws Exception {
    turnedAway(List.of(head("103", "abc123"), head("200", "def456")));
  }

  @Test
  void isClosedWhenItSaysAnotherNameInTheEnd() throws Exception {
    Http2Headers trailers =
        new DefaultHttp2Headers()
            .set(LinkHeaders.INSTANCE, "def456")
            .set(LinkHeaders.KIND, LinkHeaders.CONTROL);

    turnedAway(List.of(head("200", "abc123"), trailers));
  }

  @Test
  void isClosedWhenItSaysNothing() throws Exception {
    hub.close();
    hub =
        new TestSite(
            folder, new LinkConfig.Limits(Duration.ofMillis(200), Duration.ofMinutes(1), 100));

    turnedAway(List.of());
  }

  /** It was let in before, and kept to itself what the connections are for. */
  @ParameterizedTest
  @ValueSource(strings = {LinkHeaders.DATA, LinkHeaders.CONTROL})
  void isClosedWhenItIsRevokedBeforeItSaysWhatItIs(String kind) throws Exception {
    SiteIdentity identity = hub.join();
    List<UnrulyAgent> held =
        List.of(UnrulyAgent.dial(hub, identity), UnrulyAgent.dial(hub, identity));
    for (UnrulyAgent each : held) {
      each.awaitQuestion();
    }

    revoke(identity);
    for (UnrulyAgent each : held) {
      each.say(UnrulyAgent.head("200", "abc123", kind));
    }

    until("the hub closed them", () -> held.stream().noneMatch(UnrulyAgent::isOpen));
    assertThat(hub.links.status()).isEmpty();
  }

  /** Those who look at all links may have looked just before this one was among them. */
  @ParameterizedTest
  @ValueSource(strings = {LinkHeaders.DATA, LinkHeaders.CONTROL})
  void isAskedAboutAnewWhenItSaysWhatItIs(String kind) throws Exception {
    hub.desk.tell(() -> {});
    SiteIdentity identity = hub.join();
    UnrulyAgent link = UnrulyAgent.dial(hub, identity);
    link.awaitQuestion();

    revoke(identity);
    link.say(UnrulyAgent.head("200", "abc123", kind));

    until("the hub closed it", () -> !link.isOpen());
    assertThat(hub.links.status()).isEmpty();
  }

  @Test
  void hasOneHundredAndTwentyEightLinksAndNoMore() throws Exception {
    SiteIdentity identity = hub.join();
    List<UnrulyAgent> links = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      links.add(UnrulyAgent.dial(hub, identity));
    }

    until(
        "the hub has decided of all",
        () -> links.stream().allMatch(each -> each.isAsked() || !each.isOpen()));

    assertThat(links.stream().filter(UnrulyAgent::isOpen)).hasSize(128);
    UnrulyAgent.dial(hub, hub.join()).awaitQuestion(); // one of another key
  }

  @Test
  void isEightAtOnceAndNoMore() throws Exception {
    SiteIdentity identity = hub.join();
    for (int i = 0; i < 8; i++) {
      UnrulyAgent.dial(hub, identity).say(head("200", "abc" + i));
    }
    until("they are known", () -> hub.links.status().size() == 8);

    UnrulyAgent oneMore = UnrulyAgent.dial(hub, identity);
    oneMore.say(head("200", "def"));

    until("the hub closed it", () -> !oneMore.isOpen());
    assertThat(hub.links.status()).hasSize(8);
  }

  @Test
  void isHeardOnTheLastOfItsControlConnections() throws Exception {
    SiteIdentity identity = hub.join();
    UnrulyAgent before = UnrulyAgent.dial(hub, identity);
    before.say(head("200", "abc123"));
    until("it is known", () -> hub.links.status().size() == 1);

    UnrulyAgent after = UnrulyAgent.dial(hub, identity);
    after.say(head("200", "abc123"));

    until("the hub closed the other", () -> !before.isOpen());
    assertThat(hub.links.status()).singleElement().matches(LinkStatus::control);
    assertThat(after.isOpen()).isTrue();
  }

  @Test
  void isClosedWhenItSpeaksWithoutAnEnd() throws Exception {
    UnrulyAgent link = dial(List.of(head("200", "abc123")));

    for (int i = 0; i < 200; i++) {
      link.say(new SiteMessage.BundleJudged(i, "no"));
    }

    until("the hub closed it", () -> !link.isOpen());
  }

  @Test
  void isClosedWhenItSaysTooMuchAtOnce() throws Exception {
    UnrulyAgent link = dial(List.of(head("200", "abc123")));

    link.say(new SiteMessage.BundleJudged(1, "no".repeat(130 << 10)));

    until("the hub closed it", () -> !link.isOpen());
  }

  /** Nothing is to come on it any more, and nothing runs. */
  @Test
  void isClosedWhenItTakesNothingNewAndHasNothing() throws Exception {
    UnrulyAgent link = UnrulyAgent.dial(hub, hub.join());
    link.say(UnrulyAgent.head("200", "abc123", LinkHeaders.DATA));
    until("it is known", () -> hub.links.status().size() == 1);

    link.takesNothingNew();

    until("the hub closed it", () -> !link.isOpen());
  }

  private void revoke(SiteIdentity identity) throws Exception {
    String keyId = LinkNames.keyId(identity.certificate().getPublicKey());
    hub.enrolment.revoke(CHICAGO);
    until("the hub knows", () -> !hub.desk.admits(CHICAGO, keyId));
  }

  private void turnedAway(List<Http2Headers> heads) throws Exception {
    UnrulyAgent link = dial(heads);

    until("the hub closed it", () -> !link.isOpen());
    until("the hub knows nobody", () -> hub.links.status().isEmpty());
  }

  private static Http2Headers head(String status, String instance) {
    return UnrulyAgent.head(status, instance, LinkHeaders.CONTROL);
  }

  /** Links, and answers the stream that the hub opens first with these heads. */
  private UnrulyAgent dial(List<Http2Headers> heads) throws Exception {
    UnrulyAgent link = UnrulyAgent.dial(hub, hub.join());
    for (Http2Headers each : heads) {
      link.say(each);
    }
    return link;
  }
}
