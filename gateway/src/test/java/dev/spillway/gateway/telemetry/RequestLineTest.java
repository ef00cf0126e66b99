package dev.spillway.gateway.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.json.ByteSlice;
import org.junit.jupiter.api.Test;

class RequestLineTest {
  private final RequestLine line = new RequestLine();

  @Test
  void saysWhoAskedWhoAnsweredAndWhoFailed() {
    assertThat(text(line.of(Records.spilled())))
        .isEqualTo(
            """
            {"time":"2026-01-02T03:04:05.000000Z","request_id":"req-2","decision_id":"dec-1",\
            "tenant":"team-a","class":"online-inference","model":"gpt-4o",\
            "operation":"chat/completions","site":"oci-chicago","deployment":"chat-oci-chicago",\
            "outcome":"whole","status":200,"ttft_ms":200.000,"duration_ms":1200.000,\
            "input_tokens":100,"output_tokens":11,"usage_source":"provider",\
            "continuations":0,"failures":[{"site":"home","deployment":"chat-home","kind":"rate_limited"}]}
            """);
  }

  @Test
  void leavesOutTheFirstTokenThatNeverCame() {
    assertThat(text(line.of(Records.failed()))).doesNotContain("ttft_ms");
  }

  @Test
  void startsEveryLineAnew() {
    line.of(Records.spilled());

    assertThat(text(line.of(Records.whole("req-1", Records.HOME)))).startsWith("{\"time\"");
  }

  private static String text(ByteSlice bytes) {
    return new String(bytes.array(), bytes.offset(), bytes.length(), UTF_8);
  }
}
