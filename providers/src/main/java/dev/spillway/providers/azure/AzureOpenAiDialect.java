package dev.spillway.providers.azure;

import dev.spillway.core.quota.Quota.Refill;
import dev.spillway.core.quota.StatedCapacity;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.FailedAnswer;
import dev.spillway.wire.dialect.HeaderLookup;
import dev.spillway.wire.dialect.HeaderSink;
import dev.spillway.wire.dialect.PathSegment;
import dev.spillway.wire.dialect.RateLimitHeaders;
import dev.spillway.wire.dialect.Sender;
import dev.spillway.wire.dialect.StatusReading;
import dev.spillway.wire.dialect.UpstreamTarget;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Azure OpenAI, in both of its path styles.
 *
 * <p>A dated version ({@code 2024-10-21}) means the classic style, {@code
 * /openai/deployments/{deployment}/...?api-version=}; no version, or a name such as {@code
 * preview}, means the v1 style, {@code /openai/v1/...}, in which the body's {@code model} is the
 * deployment (learn.microsoft.com, API version lifecycle, 2026).
 *
 * <p>The credential is a key, sent as {@code api-key}; one that begins with {@code "Bearer "} is an
 * Entra token, sent as {@code Authorization}. What Azure's streams need put right, {@code
 * StreamRepair} does for every provider.
 */
public final class AzureOpenAiDialect implements Dialect {
  /**
   * A paused deployment answers 423 until somebody resumes it, and says no time: look again then.
   */
  private static final Duration PAUSED_FOR = Duration.ofSeconds(60);

  private static final String V1 = "/openai/v1";
  private static final String BEARER = "Bearer ";
  private static final double MOST_UTILIZATION = 100;
  private static final int LONGEST_UTILIZATION = 16;

  @Override
  public String name() {
    return "azure-openai";
  }

  /** No moderations: Azure's content filter is of another API. */
  @Override
  public boolean serves(Operation operation) {
    return operation != Operation.MODERATIONS && !operation.isAnthropics();
  }

  @Override
  public String pathAndQuery(Operation operation, UpstreamTarget target) {
    String version = target.apiVersion();
    String query = version == null ? "" : "?api-version=" + PathSegment.encode(version);
    if (isDated(version) && operation.classicPath() != Operation.ClassicPath.DEPLOYMENT) {
      return target.basePath() + "/openai/" + operation.path() + query;
    }
    if (isDated(version)) {
      String deployment = PathSegment.encode(target.model());
      return target.basePath()
          + "/openai/deployments/"
          + deployment
          + "/"
          + operation.path()
          + query;
    }
    String base = target.basePath().endsWith(V1) ? target.basePath() : target.basePath() + V1;
    return base + "/" + operation.path() + query;
  }

  @Override
  public void authenticate(String credential, HeaderSink headers) {
    if (credential.startsWith(BEARER)) {
      headers.set("authorization", credential);
    } else {
      headers.set("api-key", credential);
    }
  }

  @Override
  public void translate(
      ScannedRequest request, UpstreamTarget target, Sender sender, BodyEdit body) {
    body.model(target.model()).removeEngineFields();
    if (request.mustAskForUsage()) {
      body.includeUsage();
    }
  }

  @Override
  public AttemptFailure classify(FailedAnswer answer) {
    if (answer.status() == 423) {
      AttemptFailure paused = StatusReading.as(Kind.RATE_LIMITED, name(), answer);
      Duration asked = paused.retryAfter();
      return new AttemptFailure(
          paused.kind(),
          paused.message() + ": the deployment is paused",
          asked == null ? PAUSED_FOR : asked);
    }
    return StatusReading.of(name(), answer);
  }

  /**
   * A provisioned deployment says how full it is, {@code azure-openai-deployment-utilization:
   * 42.5%}, in place of what remains of its limits. Those of others are counted anew each minute.
   */
  @Override
  public @Nullable StatedCapacity statedCapacity(HeaderLookup headers) {
    Double utilization = utilization(headers.first("azure-openai-deployment-utilization"));
    return utilization != null
        ? new StatedCapacity(null, null, utilization)
        : RateLimitHeaders.read(headers, Refill.AT_ONCE);
  }

  private static @Nullable Double utilization(@Nullable String value) {
    if (value == null || value.length() > LONGEST_UTILIZATION || !value.endsWith("%")) {
      return null;
    }
    try {
      double share = Double.parseDouble(value.substring(0, value.length() - 1)) / 100;
      return share >= 0 && share <= MOST_UTILIZATION ? share : null;
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private static boolean isDated(@Nullable String version) {
    return version != null && version.matches("\\d{4}-\\d{2}-\\d{2}.*");
  }
}
