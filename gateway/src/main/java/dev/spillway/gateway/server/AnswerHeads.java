package dev.spillway.gateway.server;

import dev.spillway.gateway.GatewayConfig;
import dev.spillway.gateway.exchange.Labels;
import dev.spillway.gateway.telemetry.RequestRecord.Served;
import dev.spillway.wire.error.Refusal;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The headers of answers: made here, never taken from a provider. Nothing that a client sent gets
 * into them but an id and an origin that were looked at, so they are not looked at again.
 */
final class AnswerHeads {
  private final GatewayConfig config;
  private final RequestHead head;

  AnswerHeads(GatewayConfig config, RequestHead head) {
    this.config = config;
    this.head = head;
  }

  HttpHeaders of(CharSequence contentType, @Nullable Labels labels) {
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    headers.add(HttpHeaderNames.CONTENT_TYPE, contentType);
    headers.add(OwnHeaders.REQUEST_ID, head.requestId());
    if (head.fields().style() == HeadFields.Style.AZURE) {
      headers.add(OwnHeaders.AZURES_REQUEST_ID, head.requestId());
    }
    String origin = head.fields().origin();
    if (origin != null && config.corsOrigins().contains(origin)) {
      headers.add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      headers.add(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
    }
    if (labels != null) {
      label(headers, labels);
    }
    return headers;
  }

  /** The official clients obey {@code x-should-retry} before they look at the status. */
  static void retryHints(HttpHeaders headers, Refusal refusal) {
    headers.add(OwnHeaders.SHOULD_RETRY, String.valueOf(refusal.kind().worthRetrying()));
    Duration after = refusal.retryAfter();
    if (after != null) {
      long millis = Math.max(1, after.toMillis());
      headers.add(OwnHeaders.RETRY_AFTER_MILLIS, String.valueOf(millis));
      headers.add(HttpHeaderNames.RETRY_AFTER, String.valueOf((millis + 999) / 1_000));
    }
  }

  private void label(HttpHeaders headers, Labels labels) {
    headers.add(OwnHeaders.DECISION, labels.decisionId());
    Served served = labels.served();
    if (served != null && config.names() == GatewayConfig.Names.TOLD) {
      headers.add(OwnHeaders.SITE, served.site().value());
      headers.add(OwnHeaders.DEPLOYMENT, served.deployment().value());
    }
  }
}
