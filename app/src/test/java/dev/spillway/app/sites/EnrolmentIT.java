package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.CHICAGO;
import static dev.spillway.app.sites.TestSite.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spillway.control.sites.Enrolment;
import dev.spillway.site.SiteAgent;
import dev.spillway.site.identity.EnrolmentException;
import dev.spillway.site.identity.HubDoors;
import dev.spillway.site.identity.IdentityFolder;
import dev.spillway.site.identity.Renewal;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.wire.link.EnrolmentAnswer.Reason;
import dev.spillway.wire.link.EnrolmentAnswer.Refused;
import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.JoinToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joining and renewing where the hub that is asked first is of no use, and a replica of it is. */
class EnrolmentIT {
  /** Long enough for the good one on a machine that has other work. */
  private static final Duration WITHIN = Duration.ofSeconds(3);

  /** When a certificate of a day is to be replaced, and the hub's own is still good. */
  private static final Clock NINE_HOURS_ON = Clock.offset(Clock.systemUTC(), Duration.ofHours(9));

  @TempDir Path folder;
  private TestSite first;
  private TestSite good;

  @BeforeEach
  void start() throws Exception {
    first = new TestSite(folder);
    good = new TestSite(folder);
  }

  @AfterEach
  void stop() {
    first.close();
    good.close();
  }

  @Test
  void asksTheNextWhenNobodyListensThere() throws Exception {
    first.killHub();

    joinsAndRenews(first.address());
  }

  @Test
  void asksTheNextWhenOneTakesTheConnectionAndSaysNothing() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      joinsAndRenews(new HubAddress("127.0.0.1", mute.getLocalPort()));
    }
  }

  @Test
  void asksTheNextWhenOneTakesTheRequestAndSaysNothing() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    first.insteadOfEnrolment =
        () -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new byte[0];
        };

    joinsAndRenews(first.address());

    never.countDown();
  }

  @Test
  void asksTheNextWhenOneCannotDoItNow() throws Exception {
    first.insteadOfEnrolment = () -> new Refused(Reason.UNAVAILABLE, "try again").encode();

    joinsAndRenews(first.address());
  }

  @Test
  void asksTheNextWhenOneAnswersAsNoHubDoes() throws Exception {
    first.insteadOfEnrolment = () -> "<html>Bad gateway</html>".getBytes(UTF_8);

    joinsAndRenews(first.address());
  }

  @Test
  void asksTheNextWhenOneIsAnotherHub(@TempDir Path elsewhere) throws Exception {
    try (TestSite other = new TestSite(elsewhere)) {
      AtomicBoolean told = told(other);

      joinsAndRenews(other.address());

      assertThat(told).as("whether it was shown anything").isFalse();
    }
  }

  @Test
  void letsTheSameKeyInOnceMoreWhoseAnswerWasLost() throws Exception {
    JoinToken token = good.token();
    KeyPair key = TestSite.newKey();
    doors(good.address()).join(token, CHICAGO, key); // nobody keeps what it says

    SiteIdentity again = doors(first.address()).join(token, CHICAGO, key);

    assertThat(again.certificate().getPublicKey()).isEqualTo(key.getPublic());
    assertThatExceptionOfType(EnrolmentException.class)
        .isThrownBy(() -> doors(good.address()).join(token, CHICAGO, TestSite.newKey()))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOKEN_USED));
  }

  @Test
  void asksNobodyElseWhenOneHasDecided() throws Exception {
    SiteIdentity identity = good.join();
    good.enrolment.revoke(CHICAGO);
    AtomicBoolean told = told(good);

    assertThatExceptionOfType(EnrolmentException.class)
        .isThrownBy(() -> doors(first.address()).renew(identity))
        .withMessageContaining("the hub at " + first.address() + " refused: ")
        .withMessageContaining("revoked")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.REVOKED));

    assertThat(told).as("whether the next was asked").isFalse();
  }

  @Test
  void saysOfEachThatWasAskedWhyItDidNotHelp() throws Exception {
    SiteIdentity identity = good.join();
    first.killHub();
    good.insteadOfEnrolment = () -> new Refused(Reason.UNAVAILABLE, "try again").encode();

    assertThatExceptionOfType(EnrolmentException.class)
        .isThrownBy(() -> doors(first.address()).renew(identity))
        .withMessage(
            "no hub at %s: Connection refused; the hub at %s refused: try again"
                .formatted(first.address(), good.address()));
  }

  @Test
  void renewsInTimeAtAHubThatWasAnnouncedWhileTheOneToldOfIsDown() throws Exception {
    SiteIdentity identity = first.join();
    first.links.announce(List.of(first.address(), good.address()));
    SiteAgent agent = first.agent(identity, "agent", 1);
    until("the other is announced", () -> agent.hubs().contains(good.address()));
    first.killHub();

    AtomicReference<SiteIdentity> inForce = new AtomicReference<>(identity);
    IdentityFolder state = IdentityFolder.in(folder.resolve("agent"));
    HubDoors doors = new HubDoors(agent::hubs, null, NINE_HOURS_ON, WITHIN);
    try (Renewal _ = new Renewal(state, doors, inForce, NINE_HOURS_ON)) {
      until("it is renewed", () -> !inForce.get().equals(identity));
      until("it is kept", () -> isKept(state, inForce.get()));
    }

    assertThat(inForce.get().key()).isEqualTo(identity.key());
  }

  @Test
  void renewsThoughTheFolderOfItsStateCanNotBeRead() throws Exception {
    SiteIdentity identity = good.join();
    IdentityFolder state = IdentityFolder.in(folder.resolve("agent"));
    state.save(identity);
    Files.writeString(folder.resolve("agent").resolve("identity.json"), "{");
    AtomicReference<SiteIdentity> inForce = new AtomicReference<>(identity);
    HubDoors doors = new HubDoors(() -> List.of(good.address()), null, NINE_HOURS_ON, WITHIN);

    try (Renewal _ = new Renewal(state, doors, inForce, NINE_HOURS_ON)) {
      until("it is renewed", () -> !inForce.get().equals(identity));
      until("it is kept", () -> isKept(state, inForce.get()));
    }
  }

  @Test
  void hasARenewedCertificateThatItCanNotKeepAndKeepsItLater() throws Exception {
    SiteIdentity identity = good.join();
    Path path = folder.resolve("agent");
    IdentityFolder state = IdentityFolder.in(path);
    Files.delete(path);
    AtomicReference<SiteIdentity> inForce = new AtomicReference<>(identity);
    HubDoors doors = new HubDoors(() -> List.of(good.address()), null, NINE_HOURS_ON, WITHIN);

    try (Renewal _ = new Renewal(state, doors, inForce, NINE_HOURS_ON)) {
      until("it is renewed", () -> !inForce.get().equals(identity));
      IdentityFolder.in(path);
      until("it is kept", () -> Files.exists(path.resolve("identity.json")));
    }

    assertThat(state.load().orElseThrow().key()).isEqualTo(identity.key());
  }

  @Test
  void isNotToRenewACertificateOfAnHourAtOnce(@TempDir Path elsewhere) throws Exception {
    Enrolment.Terms hourly = new Enrolment.Terms(Duration.ofHours(1), Duration.ofDays(7));
    Instant before = Instant.now();

    try (TestSite hub = new TestSite(elsewhere, hourly)) {
      assertThat(Renewal.due(hub.join()))
          .isBetween(before.plus(Duration.ofMinutes(19)), before.plus(Duration.ofMinutes(22)));
    }
  }

  private static boolean isKept(IdentityFolder state, SiteIdentity inForce) {
    try {
      return state
          .load()
          .map(each -> each.certificate().equals(inForce.certificate()))
          .orElse(false);
    } catch (IOException e) {
      return false; // not yet: it cannot be read
    }
  }

  private void joinsAndRenews(HubAddress asked) throws Exception {
    HubDoors doors = doors(asked);

    SiteIdentity joined = doors.join(good.token(), CHICAGO, TestSite.newKey());
    SiteIdentity renewed = doors.renew(joined);

    assertThat(renewed.key()).isEqualTo(joined.key());
    assertThat(renewed.certificate()).isNotEqualTo(joined.certificate());
  }

  private HubDoors doors(HubAddress asked) {
    return new HubDoors(() -> List.of(asked, good.address()), null, Clock.systemUTC(), WITHIN);
  }

  /** Whether anybody asked it for a certificate from now on. */
  private static AtomicBoolean told(TestSite hub) {
    AtomicBoolean told = new AtomicBoolean();
    hub.insteadOfEnrolment =
        () -> {
          told.set(true);
          return new byte[0];
        };
    return told;
  }
}
