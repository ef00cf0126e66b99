package dev.spillway.gateway.telemetry;

import dev.spillway.core.model.Usage;
import dev.spillway.gateway.telemetry.RequestRecord.FailedAttempt;
import dev.spillway.gateway.telemetry.RequestRecord.Served;
import dev.spillway.wire.json.JsonWriter;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;

/** Writes requests as lines of JSON; one thread only. */
public final class RequestLine {
  private static final Map<RequestRecord.Outcome, String> OUTCOMES =
      labels(RequestRecord.Outcome.class);
  private static final Map<Usage.Source, String> SOURCES = labels(Usage.Source.class);

  private final TimeText time = new TimeText();

  /** Writes a line with its end. */
  public void write(RequestRecord request, JsonWriter json) {
    json.beginObject();
    json.plainName("time").plain(time.of(request.at()));
    json.plainName("request_id").value(request.requestId());
    json.plainName("decision_id").plain(request.decisionId());
    json.plainName("tenant").plain(request.tenant().value());
    json.plainName("class").plain(request.workload().label());
    json.plainName("model").plain(request.model().value());
    json.plainName("operation").plain(request.operation());
    Served served = request.served();
    if (served == null) {
      json.plainName("site").value((String) null).plainName("deployment").value((String) null);
    } else {
      at(served, json);
    }
    json.plainName("outcome").value(OUTCOMES.get(request.outcome()));
    json.plainName("status").value(request.status());
    if (request.nanosToFirstToken() >= 0) {
      json.plainName("ttft_ms").thousandths(micros(request.nanosToFirstToken()));
    }
    json.plainName("duration_ms").thousandths(micros(request.nanosInAll()));
    json.plainName("input_tokens").value(request.usage().inputTokens());
    json.plainName("output_tokens").value(request.usage().outputTokens());
    json.plainName("usage_source").value(SOURCES.get(request.usage().source()));
    json.plainName("continuations").value(request.continuations());
    failures(request, json);
    json.endObject().verbatim("\n");
  }

  private static void failures(RequestRecord request, JsonWriter json) {
    json.plainName("failures").beginArray();
    for (FailedAttempt failed : request.failures()) {
      json.beginObject();
      at(failed.at(), json);
      json.plainName("kind").plain(label(failed.failure().kind()));
      json.endObject();
    }
    json.endArray();
  }

  private static void at(Served whom, JsonWriter json) {
    json.plainName("site").plain(whom.site().value());
    json.plainName("deployment").plain(whom.deployment().value());
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
