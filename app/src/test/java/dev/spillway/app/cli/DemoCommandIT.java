package dev.spillway.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code demo --exit} says by its exit code; scripts and releases go by it. */
class DemoCommandIT {
  private static final Logger ROOT = Logger.getLogger("");

  /** The demo makes the log quiet, for good. */
  private final List<Handler> handlers = List.of(ROOT.getHandlers());

  private final Level level = ROOT.getLevel();

  @AfterEach
  void restoreTheLog() {
    List.of(ROOT.getHandlers()).forEach(ROOT::removeHandler);
    handlers.forEach(ROOT::addHandler);
    ROOT.setLevel(level);
  }

  @Test
  void isZeroWhereNobodyGotLessThanAWholeAnswer() {
    Commands.Ran ran = Commands.run("demo", "--scenario", "pretraining", "--exit");

    assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
  }

  /** An engine that takes every request for a bad one: no other is asked for its answer. */
  @Test
  void isOneWhereSomebodyDid() throws IOException {
    HttpServer engine =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    engine.createContext("/v1/models", to -> answer(to, 200, "{\"data\":[{\"id\":\"m\"}]}"));
    engine.createContext(
        "/v1/chat/completions", to -> answer(to, 400, "{\"error\":{\"message\":\"no\"}}"));
    engine.start();
    try {
      String home = "http://127.0.0.1:" + engine.getAddress().getPort() + "/v1";

      Commands.Ran ran = Commands.run("demo", "--home", home, "--exit");

      assertThat(ran.exitCode()).as(ran.out() + ran.err()).isEqualTo(1);
      assertThat(ran.out()).as("its table").contains("requests              10 in");
    } finally {
      engine.stop(0);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      byte[] bytes = body.getBytes(UTF_8);
      exchange.getResponseHeaders().add("content-type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
