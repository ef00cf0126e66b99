package dev.spillway.gateway.server;

import dev.spillway.gateway.GatewayConfig;
import dev.spillway.gateway.exchange.Labels;
import dev.spillway.gateway.telemetry.RequestRecord.Served;
import dev.spillway.wire.error.Refusal;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The headers of answers: made here, never taken from a provider. */
final class AnswerHeads {
  private final GatewayConfig config;
  private final RequestHead head;

  AnswerHeads(GatewayConfig config, RequestHead head) {
    this.config = config;
    this.head = head;
  }

  HttpHeaders of(CharSequence contentType, @Nullable Labels labels) {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set(HttpHeaderNames.CONTENT_TYPE, contentType);
    headers.set("x-request-id", head.requestId());
    if (head.style() == RequestHead.Style.AZURE) {
      headers.set("apim-request-id", head.requestId());
    }
    if (head.origin() != null && config.corsOrigins().contains(head.origin())) {
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, head.origin());
      headers.set(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
    }
    if (labels != null) {
      label(headers, labels);
    }
    return headers;
  }

  /** The official clients obey {@code x-should-retry} before they look at the status. */
  static void retryHints(HttpHeaders headers, Refusal refusal) {
    headers.set("x-should-retry", String.valueOf(refusal.kind().worthRetrying()));
    Duration after = refusal.retryAfter();
    if (after != null) {
      long millis = Math.max(1, after.toMillis());
      headers.set("retry-after-ms", String.valueOf(millis));
      headers.set(HttpHeaderNames.RETRY_AFTER, String.valueOf((millis + 999) / 1_000));
    }
  }

  private void label(HttpHeaders headers, Labels labels) {
    headers.set("x-spillway-decision", labels.decisionId());
    Served served = labels.served();
    if (served != null && config.names() == GatewayConfig.Names.TOLD) {
      headers.set("x-spillway-site", served.site().value());
      headers.set("x-spillway-deployment", served.deployment().value());
    }
  }
}
