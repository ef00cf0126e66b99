package dev.spillway.app.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks the admin port of a running hub. */
final class AdminClient {
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int MISDIRECTED = 421;

  private final URI admin;

  AdminClient(URI admin) {
    this.admin = admin;
  }

  /** What the hub says of a decision, in the form that is asked for. */
  String decision(String id, Output output) throws CommandFailure, InterruptedException {
    String path = "/api/decisions/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    String accept =
        switch (output) {
          case TABLE -> "text/plain";
          case JSON -> "application/json";
        };
    HttpResponse<String> answer = get(path, accept);
    return switch (answer.statusCode()) {
      case OK -> answer.body();
      case NOT_FOUND ->
          throw new CommandFailure(
              "the hub at " + admin + " has no decision " + id + ", or not any more");
      case MISDIRECTED ->
          throw new CommandFailure(
              "the hub at "
                  + admin
                  + " does not answer under that name (expected: its IP address, localhost, or a"
                  + " name in its listen.admin-hosts)");
      default ->
          throw new CommandFailure(
              "GET " + admin.resolve(path) + " answered " + answer.statusCode());
    };
  }

  private HttpResponse<String> get(String path, String accept)
      throws CommandFailure, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(WITHIN).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(admin.resolve(path))
              .header("accept", accept)
              .timeout(WITHIN)
              .build();
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new CommandFailure("no hub answers at " + admin + " (expected: its admin port)", e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          "--admin: '" + admin + "' (expected: a URL such as http://127.0.0.1:9090)", e);
    }
  }
}
