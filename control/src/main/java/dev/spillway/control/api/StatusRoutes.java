package dev.spillway.control.api;

import dev.spillway.control.status.ConfigStatus;
import dev.spillway.control.status.DeploymentView;
import dev.spillway.control.status.HubStatus;
import dev.spillway.control.status.ServedModels;
import dev.spillway.core.dispatch.DeploymentStatus;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Geography;
import dev.spillway.wire.json.JsonWriter;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code /api/deployments} and {@code /api/config}: what is there, and how it is doing. */
final class StatusRoutes implements HttpService {
  private final HubStatus hub;

  StatusRoutes(HubStatus hub) {
    this.hub = hub;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/deployments", this::deployments).get("/config", this::config);
  }

  private void deployments(ServerRequest request, ServerResponse response) {
    JsonAnswer.send(
        response,
        json -> {
          json.beginObject().name("deployments").beginArray();
          hub.deployments().forEach(each -> write(each, json));
          json.endArray().endObject();
        });
  }

  private void config(ServerRequest request, ServerResponse response) {
    ConfigStatus config = hub.config();
    JsonAnswer.send(
        response,
        json ->
            json.beginObject()
                .name("version")
                .value(config.version())
                .name("loaded_at")
                .value(config.loadedAt().toString())
                .name("last_error")
                .value(config.lastError())
                .endObject());
  }

  private static void write(DeploymentView view, JsonWriter json) {
    Deployment deployment = view.deployment();
    Geography geography = deployment.site().geography();
    json.beginObject();
    json.name("id").value(deployment.id().value());
    json.name("model").value(deployment.model().value());
    json.name("site").value(deployment.site().id().value());
    json.name("provider").value(deployment.site().provider().value());
    json.name("role").value(label(deployment.site().role()));
    json.name("geography").value(geography == null ? null : geography.value());
    json.name("capacity").value(deployment.capacity().kind());
    write(view.status(), json);
    write(view.served(), json);
    json.endObject();
  }

  private static void write(DeploymentStatus status, JsonWriter json) {
    json.name("in_flight").value(status.inFlight());
    json.name("queued_input_tokens").value(status.queuedInputTokens());
    json.name("saturation").value(status.saturation());
    json.name("breaker").value(label(status.breaker()));
    json.name("misconfigured").value(status.misconfigured());
    json.name("refused_operations").beginArray();
    status.refusedOperations().forEach(each -> json.value(each.value()));
    json.endArray();
    json.name("presence").value(label(status.presence()));
    json.name("admission_state").value(label(status.admissionState()));
    json.name("margin").value(status.margin());
    json.name("prefill_tokens_per_second").value(status.prefillTokensPerSecond());
    json.name("context_tokens").value(status.contextTokens());
  }

  /** Null where nobody says it. */
  private static void write(@Nullable ServedModels served, JsonWriter json) {
    json.name("upstream_model").value(served == null ? null : served.expected());
    json.name("upstream_model_missing").value(served != null && served.isExpectedMissing());
    List<String> models = served == null ? null : served.said().models();
    json.name("engine_models");
    if (models == null) {
      json.value((String) null);
    } else {
      json.beginArray();
      models.forEach(json::value);
      json.endArray();
    }
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
