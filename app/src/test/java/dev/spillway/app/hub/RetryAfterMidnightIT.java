package dev.spillway.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.assembly.Generation;
import dev.spillway.app.assembly.Generations;
import dev.spillway.app.assembly.SecretReader;
import dev.spillway.gateway.Gateway;
import dev.spillway.gateway.GatewayConfig;
import dev.spillway.gateway.Snapshot;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From midnight on a partner may not be used; requests come a second before that. */
class RetryAfterMidnightIT {
  private static final LocalDate DAY = LocalDate.of(2031, 5, 1);
  private static final Instant MIDNIGHT = DAY.atStartOfDay(ZoneOffset.UTC).toInstant();
  private static final String UNTIL_THEN =
      """
      attempts: {hedges: 0%%}
      contract:
        ended: {kind: deny, providers: by-1, from: %s}
      """
          .formatted(DAY);

  /** A second and a little, for a calendar that goes by seconds. */
  private static final Duration BEYOND_MIDNIGHT = Duration.ofMillis(1_100);

  private FaultyProvider home;
  private FaultyProvider partner;
  private FaultyProvider other;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    home = FaultyProvider.start("home");
    partner = FaultyProvider.start("partner");
    other = FaultyProvider.start("other");
    gateway = gateway(SpillingHub.config(UNTIL_THEN, home.port(), partner.port(), other.port()));
  }

  @AfterEach
  void stop() {
    gateway.close();
    other.close();
    partner.close();
    home.close();
  }

  @Test
  void asksThePartnerWhereHomeBreaksBefore() throws Exception {
    home.will(Cuts.beforeHead(Cuts.Way.RST));

    assertThat(servedBy()).isEqualTo("at-1");

    assertThat(home.turns()).hasSize(1);
  }

  @Test
  void asksAnotherWhereHomeBreaksAfterwards() throws Exception {
    home.will(
        new Fault(
            "breaks after midnight",
            turn -> {
              turn.pause(BEYOND_MIDNIGHT);
              turn.reset();
            }));

    assertThat(servedBy()).isEqualTo("at-2");

    assertThat(home.turns()).hasSize(1);
    assertThat(partner.turns()).isEmpty();
  }

  private String servedBy() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> got =
          client.send(SpillingHub.chat(gateway.port(), 3), BodyHandlers.ofString());
      assertThat(got.statusCode()).as(got.body()).isEqualTo(200);
      return got.headers().firstValue("x-spillway-deployment").orElseThrow();
    }
  }

  private static Gateway gateway(String config) throws Exception {
    var generations = new Generations("spillway.yaml", new SecretReader(Path.of("."), Map.of()));
    Generation made = generations.next(null, config.getBytes(UTF_8), Instant.now());
    return Gateway.start(
        GatewayConfig.on("127.0.0.1", 0), new AtomicReference<>(thatDay(made.snapshot())), _ -> {});
  }

  private static Snapshot thatDay(Snapshot made) {
    return new Snapshot(
        made.version(),
        made.madeEpochSecond(),
        made.topology(),
        AnotherDay.at(MIDNIGHT.getEpochSecond() - 1, made.dispatcher()),
        made.upstreams(),
        made.keys(),
        made.aliases(),
        made.models(),
        made.objectives(),
        made.streamedForWhole(),
        made.offers(),
        made.kept(),
        made.sealer());
  }
}
