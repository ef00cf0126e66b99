package dev.spillway.control.decisions;

import dev.spillway.core.dispatch.Decision;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.routing.Prediction;
import dev.spillway.wire.json.JsonWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decisions for programs. */
public final class DecisionJson {
  private DecisionJson() {}

  /** Writes a request and all decisions about it as an object. */
  public static void write(DecisionRecord record, JsonWriter json) {
    json.beginObject();
    head(record, json);
    json.name("decisions");
    write(record.decisions(), json);
    json.name("failures").beginArray();
    for (AttemptFailure failure : record.failures()) {
      json.beginObject();
      json.name("kind").value(label(failure.kind()));
      json.name("message").value(failure.message());
      json.endObject();
    }
    json.endArray().endObject();
  }

  /** Writes a request and where it went last as an object, without verdicts. */
  public static void writeSummary(DecisionRecord record, JsonWriter json) {
    json.beginObject();
    head(record, json);
    if (!record.decisions().isEmpty()) {
      Decision last = record.decisions().getLast();
      json.name("chosen").value(text(last.chosen()));
      json.name("why").value(label(last.why()));
    }
    json.endObject();
  }

  /** Writes decisions alone, as an array. */
  public static void write(List<Decision> decisions, JsonWriter json) {
    json.beginArray();
    for (Decision decision : decisions) {
      json.beginObject();
      json.name("number").value(decision.number());
      json.name("chosen").value(text(decision.chosen()));
      json.name("why").value(label(decision.why()));
      json.name("waited_nanos").value(decision.waitedNanos());
      json.name("verdicts").beginArray();
      decision.verdicts().forEach(verdict -> write(verdict, json));
      json.endArray().endObject();
    }
    json.endArray();
  }

  private static void head(DecisionRecord record, JsonWriter json) {
    json.name("id").value(record.id());
    json.name("arrived_at").value(record.arrivedAt().toString());
    json.name("tenant").value(record.tenant().value());
    json.name("class").value(record.workload().label());
    json.name("model").value(record.model().value());
    json.name("outcome").value(record.outcome());
  }

  private static void write(Decision.Verdict verdict, JsonWriter json) {
    json.beginObject();
    json.name("deployment").value(verdict.deployment().value());
    switch (verdict) {
      case Decision.Considered(_, var prediction, boolean meets) -> {
        json.name("verdict").value("considered");
        json.name("meets_objective").value(meets);
        write(prediction, json);
      }
      case Decision.Unavailable(_, var rule, var detail) -> {
        json.name("verdict").value("unavailable");
        json.name("rule").value(label(rule));
        json.name("because").value(detail);
      }
      case Decision.Excluded(_, var clause, var because) -> {
        json.name("verdict").value("excluded");
        json.name("clause").value(clause.value());
        json.name("because").value(because);
      }
    }
    json.endObject();
  }

  private static void write(Prediction prediction, JsonWriter json) {
    json.name("ttft_ms").value(prediction.ttftMillis());
    json.name("round_trip_ms").value(prediction.roundTripMillis());
    json.name("queue_ms").value(prediction.queueMillis());
    json.name("prefill_ms").value(prediction.prefillMillis());
    json.name("uncertainty_ms").value(prediction.uncertaintyMillis());
    json.name("margin_ms").value(prediction.marginMillis());
    json.name("tpot_ms").value(prediction.tpotMillis());
    json.name("price_nano_usd").value(prediction.priceNanoUsd());
  }

  private static @Nullable String text(@Nullable DeploymentId id) {
    return id == null ? null : id.value();
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
