package dev.spillway.app;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;

/** What a client of a hub on this machine sends: JSON, with the key {@code sk-test}. */
public final class HubRequest {
  /** Where chat completions are asked for. */
  public static final String CHAT = "/v1/chat/completions";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private HubRequest() {}

  /** To the hub whose data port this is; it gives up after 20 s without a head. */
  public static HttpRequest to(int port, String method, String path, String json) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("authorization", "Bearer sk-test")
        .header("content-type", "application/json")
        .timeout(PATIENCE)
        .method(method, BodyPublishers.ofString(json))
        .build();
  }
}
