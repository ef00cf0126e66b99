package dev.spillway.gateway.telemetry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.json.JsonWriter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestLineTest {
  private final RequestLine line = new RequestLine();
  private final JsonWriter json = new JsonWriter(16);

  @Test
  void saysWhoAskedWhoAnsweredAndWhoFailed() {
    assertThat(written(Records.spilled()))
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
    assertThat(written(Records.failed())).doesNotContain("ttft_ms");
  }

  @Test
  void writesLinesOneBehindTheOther() {
    line.write(Records.spilled(), json);

    assertThat(written(Records.whole("req-1", Records.HOME)).lines())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("{\"time\"").endsWith("}"),
            second -> assertThat(second).startsWith("{\"time\"").contains("\"req-1\""));
  }

  @Test
  void tellsTheTimeToTheMicrosecondAndInTheSecondThatItIs() {
    TimeText time = new TimeText();

    assertThat(
            List.of(
                "2026-01-02T03:04:05.999999Z",
                "2026-01-02T03:04:05.000001Z",
                "2026-01-02T03:04:06Z",
                "+12026-01-02T03:04:06.500Z"))
        .extracting(each -> new String(time.of(Instant.parse(each)), US_ASCII))
        .containsExactly(
            "2026-01-02T03:04:05.999999Z",
            "2026-01-02T03:04:05.000001Z",
            "2026-01-02T03:04:06.000000Z",
            "+12026-01-02T03:04:06.500000Z");
  }

  private String written(RequestRecord request) {
    line.write(request, json);
    return new String(json.toByteArray(), UTF_8);
  }
}
