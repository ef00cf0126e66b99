package dev.spillway.control.api;

import dev.spillway.control.decisions.DecisionSource;
import dev.spillway.control.hosts.ServedHosts;
import dev.spillway.control.status.HubStatus;
import io.helidon.http.NotFoundException;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * Every route of the admin port.
 *
 * @param hub how the hub is doing
 * @param decisions the last decisions
 * @param metrics the page for Prometheus
 */
public record AdminRoutes(HubStatus hub, DecisionSource decisions, Supplier<String> metrics) {
  private static final Logger LOG = System.getLogger(AdminRoutes.class.getName());

  /** Adds them, for requests that name one of these hosts. */
  public void addTo(HttpRouting.Builder routing, ServedHosts hosts) {
    routing
        .addFilter(new HostFilter(hosts))
        .register(new HealthRoutes(hub), new MetricsRoute(metrics))
        .register("/api/decisions", new DecisionRoutes(decisions))
        .register("/api", new StatusRoutes(hub))
        .any((request, response) ->
            JsonAnswer.error(
                response,
                Status.NOT_FOUND_404,
                "nothing here (expected: GET /healthz, /readyz, /metrics, /api/config,"
                    + " /api/deployments or /api/decisions)"))
        .error(
            NotFoundException.class,
            (request, response, e) ->
                JsonAnswer.error(response, Status.NOT_FOUND_404, "nothing here"))
        .error(
            RuntimeException.class,
            (request, response, e) -> {
              LOG.log(Level.ERROR, request.prologue().method() + " " + request.path().path(), e);
              JsonAnswer.error(
                  response, Status.INTERNAL_SERVER_ERROR_500, "the hub's log says what went wrong");
            });
  }
}
