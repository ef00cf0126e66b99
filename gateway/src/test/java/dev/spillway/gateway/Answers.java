package dev.spillway.gateway;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** What providers send. */
final class Answers {
  static final String FIRST = event("{\"role\":\"assistant\",\"content\":\"Hel\"}", "null");
  static final String SECOND = event("{\"content\":\"lo\"}", "null");
  static final String FINISH = event("{}", "\"stop\"");
  static final String DONE = "data: [DONE]\n\n";
  static final String LAST_CHUNK = "0\r\n\r\n";

  static final String WHOLE =
      "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{"
          + "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},"
          + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,"
          + "\"total_tokens\":5}}";

  static final Script HELLO = Script.answer(200, WHOLE);
  static final Script HELLO_STREAMED = Script.stream(FIRST, SECOND, FINISH, DONE);

  private Answers() {}

  /** A stream that goes on behind its first content when this is counted down. */
  static Script heldUntil(CountDownLatch goOn) {
    return Script.send(streamHead() + chunks(FIRST))
        .thenAwait(goOn)
        .andThen(chunks(FINISH, DONE) + LAST_CHUNK);
  }

  static String head(int status, String... headers) {
    return "HTTP/1.1 "
        + status
        + " Any\r\nContent-Type: application/json\r\n"
        + Arrays.stream(headers).map(header -> header + "\r\n").collect(Collectors.joining())
        + "\r\n";
  }

  static String streamHead() {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  }

  static String chunks(String... parts) {
    return Arrays.stream(parts)
        .map(part -> Integer.toHexString(part.length()) + "\r\n" + part + "\r\n")
        .collect(Collectors.joining());
  }

  static String event(String delta, String finishReason) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
        + "\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + finishReason
        + "}]}\n\n";
  }
}
