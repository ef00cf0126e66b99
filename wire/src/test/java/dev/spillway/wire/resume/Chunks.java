package dev.spillway.wire.resume;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.SseScanner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Streams of one provider, made of chunks. */
record Chunks(String id, boolean chat) {
  /** A chunk with a part of the text; {@code escaped} is the inside of a JSON string. */
  String text(String escaped) {
    return chat ? delta("\"content\":\"" + escaped + "\"", null) : choice(escaped, null);
  }

  String role() {
    return chat ? delta("\"role\":\"assistant\",\"content\":\"\"", null) : choice("", null);
  }

  String finish(String reason) {
    return chat ? delta("", reason) : choice("", reason);
  }

  String usage(long input, long output) {
    return event(
        "\"choices\":[],\"usage\":{\"prompt_tokens\":"
            + input
            + ",\"completion_tokens\":"
            + output
            + ",\"total_tokens\":"
            + (input + output)
            + ",\"prompt_tokens_details\":{\"cached_tokens\":"
            + input
            + "}}");
  }

  String delta(String members, @Nullable String reason) {
    return event(
        "\"choices\":[{\"index\":0,\"delta\":{"
            + members
            + "},\"logprobs\":null,\"finish_reason\":"
            + quoted(reason)
            + "}]");
  }

  String event(String rest) {
    String head = ",\"created\":" + id.hashCode() + ",\"model\":\"m-" + id + "\",";
    return "data: {\"id\":\"" + id + "\"" + head + rest + "}\n\n";
  }

  /** Tells the events of a stream, as a scanner of this API does. */
  void read(String stream, Consumer<SseEvent> sink) {
    byte[] bytes = stream.getBytes(UTF_8);
    read(bytes, bytes.length, sink);
  }

  /** The same for the first bytes of a stream, which may end anywhere. */
  void read(byte[] bytes, int length, Consumer<SseEvent> sink) {
    SseScanner scanner =
        new SseScanner(1 << 20, chat ? SseScanner.Data.CHAT : SseScanner.Data.COMPLETIONS);
    scanner.feed(bytes, 0, length, sink::accept);
  }

  private String choice(String escaped, @Nullable String reason) {
    return event(
        "\"choices\":[{\"text\":\""
            + escaped
            + "\",\"index\":0,\"logprobs\":null,\"finish_reason\":"
            + quoted(reason)
            + "}]");
  }

  private static String quoted(@Nullable String reason) {
    return reason == null ? "null" : "\"" + reason + "\"";
  }
}
