package dev.spillway.providers.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.quota.Quota;
import dev.spillway.core.quota.Quota.Refill;
import dev.spillway.core.quota.StatedCapacity;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.testkit.DialectContract;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.FailedAnswer;
import dev.spillway.wire.dialect.UpstreamTarget;
import dev.spillway.wire.dialect.UpstreamTarget.EngineOrder;
import dev.spillway.wire.json.ByteSlice;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AzureOpenAiDialectTest extends DialectContract {
  private final AzureOpenAiDialect azure = new AzureOpenAiDialect();

  @Override
  protected Dialect dialect() {
    return azure;
  }

  @Test
  void namesTheDeploymentInThePathIfTheVersionIsDated() {
    assertThat(path("", "2024-10-21"))
        .isEqualTo("/openai/deployments/gpt-4o%20ptu/chat/completions?api-version=2024-10-21");
  }

  @Test
  void usesTheV1PathOtherwise() {
    assertThat(path("", null)).isEqualTo("/openai/v1/chat/completions");
    assertThat(path("/openai/v1", null)).isEqualTo("/openai/v1/chat/completions");
    assertThat(path("", "preview")).isEqualTo("/openai/v1/chat/completions?api-version=preview");
  }

  @Test
  void sendsAKeyAndATokenEachInItsOwnHeader() {
    Map<String, String> headers = new HashMap<>();

    azure.authenticate("k3y", headers::put);
    azure.authenticate("Bearer t0ken", headers::put);

    assertThat(headers).isEqualTo(Map.of("api-key", "k3y", "authorization", "Bearer t0ken"));
  }

  @Test
  void readsHowFullAProvisionedDeploymentIs() {
    assertThat(utilization("42.5%")).isEqualTo(0.425);
    assertThat(utilization("112%")).isEqualTo(1.12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"42.5", "%", "", "-1%", "NaN%", "Infinity%", "full%", "1e300%"})
  void readsNothingInWhatIsNoUtilization(String value) {
    assertThat(utilization(value)).isNull();
    assertThat(utilization("1" + "0".repeat(60_000) + "%")).isNull();
  }

  @Test
  void readsItsQuotasWhichAreCountedAnewEachMinute() {
    StatedCapacity stated =
        azure.statedCapacity(
            Map.of(
                    "x-ratelimit-remaining-requests", "7",
                    "x-ratelimit-limit-requests", "10",
                    "x-ratelimit-reset-requests", "12")
                ::get);

    assertThat(stated)
        .isEqualTo(
            new StatedCapacity(new Quota(7, 10, 12_000_000_000L, Refill.AT_ONCE), null, null));
  }

  @Test
  void leavesAPausedDeploymentAloneForAMinute() {
    AttemptFailure failure =
        azure.classify(
            new FailedAnswer(
                423, _ -> null, ByteSlice.of(""), Instant.parse("2026-06-11T12:00:00Z")));

    assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMITED);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofMinutes(1));
  }

  private String path(String basePath, @Nullable String version) {
    UpstreamTarget target =
        new UpstreamTarget(basePath, "gpt-4o ptu", version, EngineOrder.ARRIVAL);
    return azure.pathAndQuery(Operation.CHAT_COMPLETIONS, target);
  }

  private @Nullable Double utilization(String value) {
    StatedCapacity stated =
        azure.statedCapacity(Map.of("azure-openai-deployment-utilization", value)::get);
    return stated == null ? null : stated.utilization();
  }
}
