package dev.spillway.control.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.function.Supplier;

/** {@code /metrics}, in the text format of Prometheus. */
final class MetricsRoute implements HttpService {
  private final Supplier<String> page;

  MetricsRoute(Supplier<String> page) {
    this.page = page;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/metrics", this::metrics);
  }

  private void metrics(ServerRequest request, ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    response.send(page.get());
  }
}
