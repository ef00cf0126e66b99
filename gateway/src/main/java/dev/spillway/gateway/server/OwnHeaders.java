package dev.spillway.gateway.server;

import io.netty.util.AsciiString;

/** Names of headers that HTTP itself does not know; made once, so that they are hashed once. */
final class OwnHeaders {
  static final AsciiString API_KEY = AsciiString.cached("api-key");
  static final AsciiString X_API_KEY = AsciiString.cached("x-api-key");
  static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
  static final AsciiString AZURES_REQUEST_ID = AsciiString.cached("apim-request-id");
  static final AsciiString ANTHROPICS_REQUEST_ID = AsciiString.cached("request-id");
  static final AsciiString CLASS = AsciiString.cached("x-spillway-class");
  static final AsciiString RESIDENCY = AsciiString.cached("x-spillway-residency");
  static final AsciiString TIMEOUT_MILLIS = AsciiString.cached("x-spillway-timeout-ms");
  static final AsciiString CLIENTS_TIMEOUT = AsciiString.cached("x-stainless-timeout");
  static final AsciiString DECISION = AsciiString.cached("x-spillway-decision");
  static final AsciiString SITE = AsciiString.cached("x-spillway-site");
  static final AsciiString DEPLOYMENT = AsciiString.cached("x-spillway-deployment");
  static final AsciiString SHOULD_RETRY = AsciiString.cached("x-should-retry");
  static final AsciiString RETRY_AFTER_MILLIS = AsciiString.cached("retry-after-ms");

  private OwnHeaders() {}
}
