package dev.spillway.gateway;

import java.util.ArrayList;
import java.util.List;

/** Heads as HTTP/2 has them: names and values by turns. */
final class Http2Requests {
  private Http2Requests() {}

  /** A good head of a request with a JSON body, and headers more. */
  static String[] headers(String methodAndPath, String... more) {
    String[] start = methodAndPath.split(" ", 2);
    List<String> fields = new ArrayList<>(List.of(":method", start[0], ":path", start[1]));
    fields.addAll(List.of(":scheme", "http", ":authority", "hub"));
    fields.addAll(List.of("api-key", Requests.KEY, "content-type", "application/json"));
    fields.addAll(List.of(more));
    return fields.toArray(String[]::new);
  }
}
