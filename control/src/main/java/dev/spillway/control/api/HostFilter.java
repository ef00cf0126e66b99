package dev.spillway.control.api;

import dev.spillway.control.hosts.ServedHosts;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.List;
import java.util.Optional;

/** Before every route: whether the host that a request names is answered for. */
final class HostFilter implements Filter {
  private final ServedHosts hosts;

  HostFilter(ServedHosts hosts) {
    this.hosts = hosts;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    Optional<ServedHosts.Refused> refused =
        hosts.judge(
            request.prologue().method().text(),
            request.headers().all(HeaderNames.HOST, List::of),
            request.headers().all(HeaderNames.ORIGIN, List::of));
    if (refused.isEmpty()) {
      chain.proceed();
    } else {
      Status status = Status.create(refused.get().status());
      JsonAnswer.error(response, status, refused.get().message());
    }
  }
}
