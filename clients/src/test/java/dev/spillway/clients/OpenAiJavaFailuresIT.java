package dev.spillway.clients;

import static dev.spillway.clients.OpenAiJava.content;
import static dev.spillway.clients.OpenAiJava.saying;
import static dev.spillway.clients.OpenAiJava.streamed;
import static dev.spillway.clients.RunningHub.HASTY_KEY;
import static dev.spillway.clients.RunningHub.KEY;
import static dev.spillway.clients.RunningHub.LONE_MODEL;
import static dev.spillway.clients.RunningHub.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.spillway.simulator.live.Fault;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the official SDK for Java sees, and does not see, of what goes wrong. */
class OpenAiJavaFailuresIT {
  private static RunningHub hub;
  private static OpenAIClient client;
  private static OpenAIClient hasty;

  @BeforeAll
  static void start() throws Exception {
    hub = RunningHub.start();
    client = OpenAiJava.client(hub, KEY, 0);
    hasty = OpenAiJava.client(hub, HASTY_KEY, 2);
  }

  @AfterAll
  static void stop() {
    client.close();
    hasty.close();
    hub.close();
  }

  @Test
  void seesAnUnknownModelAsNotFound() {
    assertThatThrownBy(() -> create(ask("gpt-9")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("gpt-9");
  }

  @Test
  void seesAWrongKeyAsUnauthorized() {
    OpenAIClient stranger = OpenAiJava.client(hub, "sk-wrong", 0);

    assertThatThrownBy(() -> stranger.chat().completions().create(ask(MODEL).build()))
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageNotContaining("sk-wrong");
  }

  @Test
  void seesWhatTheProviderSaysOfABadRequest() {
    assertThatThrownBy(() -> create(ask(MODEL).n(2)))
        .isInstanceOfSatisfying(
            BadRequestException.class, e -> assertThat(e.param()).contains("n"));
  }

  /** Nobody else serves the model, so that nobody can go on. */
  @Test
  void seesAStreamThatBreaksAsAnError() {
    assertThatThrownBy(() -> streamed(client, saying(LONE_MODEL, "simulate(cut=3)")))
        .isInstanceOf(OpenAIException.class);
    assertThatThrownBy(() -> streamed(client, saying(LONE_MODEL, "simulate(error=3)")))
        .isInstanceOf(OpenAIException.class);
  }

  @Test
  void seesTheWholeOfAStreamThatBreaksAtHome() throws InterruptedException {
    String whole = content(create(ask(MODEL)));

    hub.home().failNext(new Fault.Cut(3));
    String mended = content(streamed(client, ask(MODEL)));

    assertThat(mended).isEqualTo(whole);
    assertThat(hub.awaitRescue().continuations()).isEqualTo(1);
  }

  @Test
  void neverSeesARefusalThatAnotherDeploymentMakesGood() throws InterruptedException {
    String usual = content(create(ask(MODEL)));

    hub.home().failNext(new Fault.Status(503, null));
    String fromElsewhere = content(create(ask(MODEL)));

    assertThat(fromElsewhere).isEqualTo(usual);
    assertThat(hub.awaitRescue().failures()).hasSize(1);
  }

  /** Nobody else serves the model, and the request is not in a hurry. */
  @Test
  void seesNothingOfAWaitThatTheHubDoesForIt() throws InterruptedException {
    hub.lone().failNext(new Fault.Status(429, Duration.ofSeconds(1)));

    assertThat(content(create(ask(LONE_MODEL)))).startsWith("This answer is simulated.");
    assertThat(hub.awaitRescue().nanosInAll()).isGreaterThan(1_000_000_000);
  }

  @Test
  void seesItsTenantsLimitAsOne() throws Exception {
    OpenAIClient once = hasty.withOptions(options -> options.maxRetries(0));

    try (var _ = TakenPlace.take(hub)) {
      assertThatThrownBy(() -> once.chat().completions().create(ask(MODEL).build()))
          .isInstanceOf(RateLimitException.class)
          .hasMessageContaining("requests at once");
    }
  }

  @Test
  void waitsAsLongAsItIsAskedAndTriesAgain() throws Exception {
    var whole = ClientRetry.of(hub, () -> hasty.chat().completions().create(ask(MODEL).build()));
    var streamed = ClientRetry.of(hub, () -> streamed(hasty, ask(MODEL)));

    assertThat(content(whole.answer())).startsWith("This answer is simulated.");
    assertThat(content(streamed.answer())).isEqualTo(content(whole.answer()));
    assertThat(whole.waited()).isGreaterThanOrEqualTo(ClientRetry.ASKED);
    assertThat(streamed.waited()).isGreaterThanOrEqualTo(ClientRetry.ASKED);
  }

  private static ChatCompletion create(ChatCompletionCreateParams.Builder request) {
    return client.chat().completions().create(request.build());
  }

  private static ChatCompletionCreateParams.Builder ask(String model) {
    return saying(model, "Say something.");
  }
}
