package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Refusals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Providers with whom TLS cannot be agreed on: they get nothing of a request. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NoTlsToProviderIT {
  private static final String PLAIN_REFUSAL =
      "HTTP/1.1 400 Bad Request\r\nContent-Length: "
          + Refusals.SECRET.length()
          + "\r\n\r\n"
          + Refusals.SECRET;

  /** To connect, and for TLS to be agreed on, a provider has this long. */
  private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(2);

  /** What else a busy machine needs. */
  private static final Duration SLACK = Duration.ofMillis(1_200);

  @TempDir private static Path folder;
  private static Authority authority;
  private static Map<Wrong, SSLContext> wrong;

  @RegisterExtension final Providers providers = new Providers(0);

  /** What is wrong with a certificate. */
  enum Wrong {
    UNKNOWN_AUTHORITY,
    OTHER_HOST,
    EXPIRED
  }

  @BeforeAll
  static void certify() throws Exception {
    authority = Authority.make(folder);
    wrong = new EnumMap<>(Wrong.class);
    wrong.put(Wrong.UNKNOWN_AUTHORITY, Authority.make(folder).server());
    wrong.put(Wrong.OTHER_HOST, authority.server("other.example", Authority.IN_DATE));
    wrong.put(Wrong.EXPIRED, authority.server(Authority.THIS_HOST, Authority.EXPIRED));
  }

  static Stream<Way> ways() {
    return Way.all();
  }

  static Stream<Way> streamed() {
    return Way.streamed();
  }

  static Stream<Way> whole() {
    return Way.whole();
  }

  static Stream<Arguments> wrongCertificates() {
    return Way.all()
        .flatMap(way -> Arrays.stream(Wrong.values()).map(each -> Arguments.of(way, each)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("wrongCertificates")
  void asksThePartnerWhereTheCertificateIsWrong(Way way, Wrong what) throws Exception {
    FaultyProvider home = providers.addSecured(certified(what));
    FaultyProvider partner = providers.addSecured(authority.server());
    TestHub hub = providers.hub(2, NoTlsToProviderIT::secured);

    Told.wholeAnswer(providers.ask(way, hub, way.body()), way.body());

    assertThat(home.connections()).isPositive();
    assertThat(home.turns()).isEmpty();
    assertThat(partner.turns()).hasSize(1);
    assertThat(failures(hub)).extracting(AttemptFailure::kind).containsExactly(Kind.UNREACHABLE);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("wrongCertificates")
  void saysSoAndNoMoreWhereTheOnlyCertificateIsWrong(Way way, Wrong what) throws Exception {
    FaultyProvider home = providers.addSecured(certified(what));
    TestHub hub = providers.hub(1, NoTlsToProviderIT::secured);

    ReceivedMessage got = providers.ask(way, hub, way.body());

    saysNothingOfTheProvider(got, home.port());
    assertThat(home.turns()).isEmpty();
    assertThat(failures(hub))
        .hasSize(2)
        .allMatch(each -> each.message().contains("could not agree on TLS: "));
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void asksThePartnerAfterTheLimitOfContentWhereTheHandshakeNeverEnds(Way way) throws Exception {
    asksThePartnerOfASilentOne(way, Providers.LIMIT);
  }

  /** What does not stream has no limit before its first content but this one. */
  @ParameterizedTest
  @MethodSource("whole")
  void asksThePartnerAfterTheLimitOfHandshakesWhereTheOneNeverEnds(Way way) throws Exception {
    asksThePartnerOfASilentOne(way, HANDSHAKE_LIMIT);
  }

  private void asksThePartnerOfASilentOne(Way way, Duration limit) throws Exception {
    FaultyProvider partner = providers.addSecured(authority.server());
    try (NoTlsProvider silent = NoTlsProvider.silent()) {
      TestHub hub = providers.hubBefore(NoTlsToProviderIT::secured, silent.port(), partner.port());
      long askedNanos = System.nanoTime();

      Told.wholeAnswer(providers.ask(way, hub, way.body()), way.body());

      assertThat(Duration.ofNanos(System.nanoTime() - askedNanos)).isLessThan(limit.plus(SLACK));
      assertThat(partner.turns()).hasSize(1);
      onlyAHandshakeCame(silent);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void saysSoWhereTheOnlyHandshakeNeverEnds(Protocol protocol) throws Exception {
    Way way = new Way(protocol, Way.Form.WHOLE);
    try (NoTlsProvider silent = NoTlsProvider.silent()) {
      TestHub hub = providers.hubBefore(NoTlsToProviderIT::secured, silent.port());

      ReceivedMessage got = providers.ask(way, hub, way.body());

      saysNothingOfTheProvider(got, silent.port());
      onlyAHandshakeCame(silent);
      assertThat(failures(hub))
          .hasSize(2)
          .allMatch(each -> each.message().contains("could not agree on TLS: "));
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void asksThePartnerWhereNoTlsIsSpoken(Way way) throws Exception {
    FaultyProvider partner = providers.addSecured(authority.server());
    try (NoTlsProvider plain = NoTlsProvider.saying(PLAIN_REFUSAL)) {
      TestHub hub = providers.hubBefore(NoTlsToProviderIT::secured, plain.port(), partner.port());

      Told.wholeAnswer(providers.ask(way, hub, way.body()), way.body());

      assertThat(partner.turns()).hasSize(1);
      onlyAHandshakeCame(plain);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void saysSoAndNoMoreWhereNobodySpeaksTls(Way way) throws Exception {
    try (NoTlsProvider plain = NoTlsProvider.saying(PLAIN_REFUSAL)) {
      TestHub hub = providers.hubBefore(NoTlsToProviderIT::secured, plain.port());

      ReceivedMessage got = providers.ask(way, hub, way.body());

      saysNothingOfTheProvider(got, plain.port());
      onlyAHandshakeCame(plain);
      assertThat(failures(hub))
          .hasSize(2)
          .allMatch(each -> each.message().endsWith(" sent what is not TLS"));
    }
  }

  private static void saysNothingOfTheProvider(ReceivedMessage got, int port) {
    String words = Told.refused(got, 502).at("message").text();
    assertThat(words).contains("2 attempt(s)", "unreachable");
    assertThat(got.head() + got.body())
        .doesNotContain("localhost", "127.0.0.1", String.valueOf(port), "PKIX", "CN=", "Exception");
  }

  /** A record of TLS that holds the greeting of a client, and no plain byte of the request. */
  private static void onlyAHandshakeCame(NoTlsProvider at) {
    assertThat(at.came())
        .startsWith("\u0016\u0003")
        .doesNotContain("POST", "words", "sk-of-the-hub");
  }

  private static SSLContext certified(Wrong what) {
    SSLContext by = wrong.get(what);
    if (by == null) {
      throw new AssertionError("no certificate for " + what);
    }
    return by;
  }

  private static List<AttemptFailure> failures(TestHub hub) throws InterruptedException {
    return hub.nextEnded().failures().stream().map(failed -> failed.failure()).toList();
  }

  private static HubPlan secured(HubPlan plan) {
    return plan.over(authority.trusting());
  }
}
