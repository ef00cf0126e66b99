package dev.spillway.control.api;

import dev.spillway.control.status.HubStatus;
import dev.spillway.control.status.Readiness;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code /healthz}: the process is alive. {@code /readyz}: it takes requests. */
final class HealthRoutes implements HttpService {
  private final HubStatus hub;

  HealthRoutes(HubStatus hub) {
    this.hub = hub;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/healthz", this::healthz).get("/readyz", this::readyz);
  }

  private void healthz(ServerRequest request, ServerResponse response) {
    state(response, Status.OK_200, "alive");
  }

  private void readyz(ServerRequest request, ServerResponse response) {
    Readiness readiness = hub.readiness();
    state(
        response,
        readiness == Readiness.READY ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503,
        readiness.label());
  }

  private static void state(ServerResponse response, Status status, String state) {
    JsonAnswer.send(
        response, status, json -> json.beginObject().name("status").value(state).endObject());
  }
}
