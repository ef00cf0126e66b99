package dev.spillway.gateway.telemetry;

import dev.spillway.core.model.Usage;
import dev.spillway.gateway.telemetry.RequestRecord.FailedAttempt;
import dev.spillway.gateway.telemetry.RequestRecord.Served;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;

/** Writes one request as one line of JSON; one thread only. */
public final class RequestLine {
  private static final Map<RequestRecord.Outcome, String> OUTCOMES =
      labels(RequestRecord.Outcome.class);
  private static final Map<Usage.Source, String> SOURCES = labels(Usage.Source.class);

  private final TimeText time = new TimeText();
  private final JsonWriter json = new JsonWriter(512);

  /** The line with its end, in UTF-8; good until the next call. */
  public ByteSlice of(RequestRecord request) {
    json.clear();
    json.beginObject();
    json.name("time").value(time.of(request.at()));
    json.name("request_id").value(request.requestId());
    json.name("decision_id").value(request.decisionId());
    json.name("tenant").value(request.tenant().value());
    json.name("class").value(request.workload().label());
    json.name("model").value(request.model().value());
    json.name("operation").value(request.operation());
    Served served = request.served();
    json.name("site").value(served == null ? null : served.site().value());
    json.name("deployment").value(served == null ? null : served.deployment().value());
    json.name("outcome").value(OUTCOMES.get(request.outcome()));
    json.name("status").value(request.status());
    if (request.nanosToFirstToken() >= 0) {
      json.name("ttft_ms").thousandths(micros(request.nanosToFirstToken()));
    }
    json.name("duration_ms").thousandths(micros(request.nanosInAll()));
    json.name("input_tokens").value(request.usage().inputTokens());
    json.name("output_tokens").value(request.usage().outputTokens());
    json.name("usage_source").value(SOURCES.get(request.usage().source()));
    json.name("continuations").value(request.continuations());
    failures(request);
    return json.endObject().verbatim("\n").written();
  }

  private void failures(RequestRecord request) {
    json.name("failures").beginArray();
    for (FailedAttempt failed : request.failures()) {
      json.beginObject();
      json.name("site").value(failed.at().site().value());
      json.name("deployment").value(failed.at().deployment().value());
      json.name("kind").value(label(failed.failure().kind()));
      json.endObject();
    }
    json.endArray();
  }

  /** More digits would be noise. */
  private static long micros(long nanos) {
    return (nanos + 500) / 1_000;
  }

  private static <E extends Enum<E>> Map<E, String> labels(Class<E> kind) {
    Map<E, String> labels = new EnumMap<>(kind);
    for (E each : EnumSet.allOf(kind)) {
      labels.put(each, label(each));
    }
    return labels;
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
