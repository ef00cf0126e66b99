package dev.spillway.gateway.server;

import dev.spillway.gateway.GatewayConfig;
import dev.spillway.gateway.exchange.Labels;
import dev.spillway.gateway.telemetry.RequestRecord.Served;
import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.ErrorShape;
import dev.spillway.wire.error.Refusal;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The headers of answers: made here, never taken from a provider. Nothing that a client sent gets
 * into them but an id and an origin that were looked at, so they are not looked at again.
 */
final class AnswerHeads {
  /** A browser asks once, and believes the answer for so long at the most, whatever it is told. */
  private static final String ASK_AGAIN_AFTER_SECONDS = "7200";

  /** The official clients look at these; a page sees only what it is told that it may. */
  private static final String SHOWN_TO_PAGES =
      "x-request-id, apim-request-id, request-id, retry-after, retry-after-ms, x-should-retry,"
          + " x-spillway-decision, x-spillway-site, x-spillway-deployment";

  private final GatewayConfig config;
  private final RequestHead head;

  AnswerHeads(GatewayConfig config, RequestHead head) {
    this.config = config;
    this.head = head;
  }

  HttpHeaders of(CharSequence contentType, @Nullable Labels labels) {
    HttpHeaders headers = common();
    headers.add(HttpHeaderNames.CONTENT_TYPE, contentType);
    if (labels != null) {
      label(headers, labels);
    }
    return headers;
  }

  /** Of an answer that says no. */
  HttpHeaders ofRefusal(Refusal refusal, @Nullable Labels labels) {
    HttpHeaders headers = of(HttpHeaderValues.APPLICATION_JSON, labels);
    retryHints(headers, refusal);
    if (refusal.kind() == ErrorKind.WRONG_METHOD
        && head.fields().path() instanceof RequestPath.WrongMethod(var allowed)) {
      headers.add(HttpHeaderNames.ALLOW, allowed);
    }
    if (refusal.kind() == ErrorKind.WRONG_CONTENT_TYPE && head.fields().body().coding() != null) {
      headers.add(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY); // RFC 9110, 12.5.3
    }
    return headers;
  }

  /** To a browser: whatever the page would send to any of our paths, it may. */
  HttpHeaders allowing(Preflight what) {
    HttpHeaders headers = common();
    headers.add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE");
    if (!what.headers().isEmpty()) {
      headers.add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, what.headers());
    }
    headers.add(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, ASK_AGAIN_AFTER_SECONDS);
    return headers;
  }

  private HttpHeaders common() {
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    headers.add(OwnHeaders.REQUEST_ID, head.requestId());
    if (head.fields().style() == HeadFields.Style.AZURE) {
      headers.add(OwnHeaders.AZURES_REQUEST_ID, head.requestId());
    }
    if (head.fields().errors() == ErrorShape.ANTHROPIC) {
      headers.add(OwnHeaders.ANTHROPICS_REQUEST_ID, head.requestId());
    }
    String origin = head.fields().origin();
    if (origin != null && config.corsOrigins().contains(origin)) {
      headers.add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      headers.add(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, SHOWN_TO_PAGES);
      headers.add(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
    }
    return headers;
  }

  /** The official clients obey {@code x-should-retry} before they look at the status. */
  private static void retryHints(HttpHeaders headers, Refusal refusal) {
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
