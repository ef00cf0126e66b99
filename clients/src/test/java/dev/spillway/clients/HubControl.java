package dev.spillway.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.simulator.live.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where tests in another process say what goes wrong next with a hub, and ask how it was mended.
 */
final class HubControl implements AutoCloseable {
  private static final String NOTHING = "{}";

  private final RunningHub hub;
  private final HttpServer server;
  private @Nullable TakenPlace taken;

  private HubControl(RunningHub hub) throws IOException {
    this.hub = hub;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
  }

  /** That of this hub; a request at a time. */
  static HubControl of(RunningHub hub) throws IOException {
    HubControl control = new HubControl(hub);
    control.server.start();
    return control;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    leave();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String asked = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      String said =
          switch (asked) {
            case "POST /fault" -> failNext(exchange);
            case "GET /rescue" -> rescue();
            case "PUT /place" -> take();
            case "DELETE /place" -> leave();
            case "GET /served" -> served();
            default -> throw new IOException("asked: " + asked + " (expected: one of the above)");
          };
      byte[] json = said.getBytes(UTF_8);
      exchange.sendResponseHeaders(200, json.length);
      exchange.getResponseBody().write(json);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String failNext(HttpExchange exchange) throws IOException {
    hub.home().failNext(Fault.parse(new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
    return NOTHING;
  }

  private String rescue() throws InterruptedException {
    RequestRecord rescue = hub.awaitRescue();
    return "{\"failures\":%d,\"continuations\":%d}"
        .formatted(rescue.failures().size(), rescue.continuations());
  }

  private String take() throws IOException {
    taken = TakenPlace.take(hub);
    return NOTHING;
  }

  /** Does nothing if it is free. */
  private String leave() throws IOException {
    TakenPlace left = taken;
    taken = null;
    if (left != null) {
      left.close();
    }
    return NOTHING;
  }

  /** Waits for the end of a request that was answered whole. */
  private String served() throws InterruptedException {
    hub.awaitEnd(request -> request.outcome() == Outcome.WHOLE);
    return NOTHING;
  }
}
