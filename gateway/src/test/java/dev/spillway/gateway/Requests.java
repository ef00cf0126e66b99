package dev.spillway.gateway;

/** What clients send; each character is one byte. */
final class Requests {
  static final String KEY = "sk-of-team-a";
  static final String AUTHORIZED = "Authorization: Bearer " + KEY;
  static final String OTHER_KEY = "sk-of-team-b";
  static final String CHAT = "POST /v1/chat/completions";
  static final String COMPLETIONS = "POST /v1/completions";
  static final String ASK =
      "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
  static final String ASK_STREAMED =
      "{\"model\":\"gpt-4o\",\"stream\":true,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

  private Requests() {}

  /** A good request with this body. */
  static String chat(String body) {
    return post(CHAT, body, AUTHORIZED);
  }

  static String post(String methodAndPath, String body, String... headers) {
    return head(methodAndPath, "Content-Length: " + body.length(), String.join("\r\n", headers))
        + body;
  }

  /** The head alone; empty headers are left out. */
  static String head(String methodAndPath, String... headers) {
    StringBuilder head =
        new StringBuilder(methodAndPath)
            .append(" HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\n");
    for (String header : headers) {
      if (!header.isEmpty()) {
        head.append(header).append("\r\n");
      }
    }
    return head.append("\r\n").toString();
  }
}
