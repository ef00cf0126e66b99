package dev.spillway.gateway.telemetry;

/**
 * Names of the meters and of their labels, in one place, because dashboards depend on them.
 *
 * <p>Those that begin with {@code gen_ai} are the OpenTelemetry semantic conventions for generative
 * AI metrics; the others are ours. Values of labels are configured names and enums only, never what
 * a client sends.
 */
final class MeterNames {
  static final String TOKENS = "gen_ai.client.token.usage";
  static final String DURATION = "gen_ai.server.request.duration";
  static final String FIRST_TOKEN = "gen_ai.server.time_to_first_token";
  static final String PER_TOKEN = "gen_ai.server.time_per_output_token";

  static final String REQUESTS = "spillway.requests";
  static final String TURNED_AWAY = "spillway.turned_away";
  static final String FAILURES = "spillway.attempt.failures";
  static final String CONTINUATIONS = "spillway.continuations";
  static final String CONTINUATION_MEMORY = "spillway.continuation.memory";
  static final String UNKEPT = "spillway.continuation.unkept";
  static final String BODY_MEMORY = "spillway.body.memory";
  static final String UNREAD = "spillway.body.unread";
  static final String ANSWER_MEMORY = "spillway.answer.memory";
  static final String UNHELD = "spillway.answer.unheld";
  static final String SPILLED = "spillway.spilled";
  static final String LOG_DROPPED = "spillway.request_log.dropped";

  static final String OPERATION = "gen_ai.operation.name";
  static final String REQUEST_MODEL = "gen_ai.request.model";
  static final String TOKEN_TYPE = "gen_ai.token.type";
  static final String TENANT = "tenant";
  static final String MODEL = "model";
  static final String CLASS = "class";
  static final String OUTCOME = "outcome";
  static final String SITE = "site";
  static final String KIND = "kind";
  static final String STATUS = "status";

  /** The site of a request that nobody answered. */
  static final String NO_SITE = "none";

  private MeterNames() {}
}
