package dev.spillway.app.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the hub one thing at a time, and remembers which clauses it was refused by. */
final class Asker implements AutoCloseable {
  private static final Pattern CLAUSE = Pattern.compile("\"param\":\"([^\"]+)\"");
  private static final int FORBIDDEN = 403;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI chat;
  private final Set<String> clauses = new TreeSet<>();

  Asker(int dataPort) {
    chat = URI.create("http://127.0.0.1:" + dataPort + "/v1/chat/completions");
  }

  /** What came back; empty strings for what did not. */
  record Reply(int status, String body, String decisionId, String site) {}

  Reply ask(String key, String model) throws IOException, InterruptedException {
    String body =
        "{\"model\":\""
            + model
            + "\",\"max_tokens\":8,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    HttpRequest request =
        HttpRequest.newBuilder(chat)
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    Matcher clause = CLAUSE.matcher(response.body());
    if (response.statusCode() == FORBIDDEN && clause.find()) {
      clauses.add(clause.group(1));
    }
    return new Reply(
        response.statusCode(),
        response.body().strip(),
        response.headers().firstValue("x-spillway-decision").orElse(""),
        response.headers().firstValue("x-spillway-site").orElse(""));
  }

  String clauses() {
    return clauses.isEmpty() ? "none" : String.join(", ", clauses);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
