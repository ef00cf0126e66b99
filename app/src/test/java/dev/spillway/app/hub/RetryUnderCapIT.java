package dev.spillway.app.hub;

import static dev.spillway.app.hub.SpillingHub.servedBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A partner's cap is used up by another request, between an attempt at home and the retry. */
class RetryUnderCapIT {
  private static final int WORDS = 3;

  /** More than is expected of an answer, which is then hardly less. */
  private static final String MOST = "\"max_tokens\":5";

  /** For 20 tokens, which is one such request and not two. */
  private static final String CAPPED =
      """
      attempts: {hedges: 0%}
      contract:
        enough: {kind: cap, provider: by-1, spend: 0.00004 USD, per: year}
      """;

  private final CountDownLatch capIsUsedUp = new CountDownLatch(1);
  private final Fault breaksThen =
      new Fault(
          "breaks when the cap is used up",
          turn -> {
            capIsUsedUp.await();
            turn.reset();
          });
  private FaultyProvider home;
  private FaultyProvider partner;
  private FaultyProvider other;

  @BeforeEach
  void start() throws Exception {
    home = FaultyProvider.start("home");
    home.will(breaksThen, Cuts.beforeHead(Cuts.Way.RST));
    partner = FaultyProvider.start("partner");
    other = FaultyProvider.start("other");
  }

  @AfterEach
  void stop() {
    other.close();
    partner.close();
    home.close();
  }

  @Test
  void isServedByAnother() throws Exception {
    try (SpillingHub hub = SpillingHub.before(CAPPED, home.port(), partner.port(), other.port())) {
      CompletableFuture<HttpResponse<String>> retried = retriedUnderCap(hub);

      assertThat(servedBy(retried)).isEqualTo("at-2");
      assertThat(partner.turns()).hasSize(1);
      hub.awaitOver(2);
      assertThat(hub.explanation(retried.get())).contains("enough");
    }
  }

  @Test
  void isRefusedWhereThereIsNoOther() throws Exception {
    try (SpillingHub hub = SpillingHub.before(CAPPED, home.port(), partner.port())) {
      HttpResponse<String> refused = retriedUnderCap(hub).get();

      assertThat(refused.statusCode()).isEqualTo(502);
      assertThat(refused.body()).contains("attempt(s) at m failed");
      assertThat(partner.turns()).hasSize(1);
      hub.awaitOver(2);
      assertThat(hub.explanation(refused)).contains("enough");
    }
  }

  /** The partner could have had it when it came: it had the other, which came later. */
  private CompletableFuture<HttpResponse<String>> retriedUnderCap(SpillingHub hub)
      throws Exception {
    CompletableFuture<HttpResponse<String>> first = hub.send(WORDS, MOST);
    home.awaitTurn(0);
    assertThat(servedBy(hub.send(WORDS, MOST))).isEqualTo("at-1");
    capIsUsedUp.countDown();
    return first;
  }
}
