package dev.spillway.wire.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.sse.StreamRepair.Repaired;
import dev.spillway.wire.sse.StreamRepair.UsageChunk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamRepairTest {
  private static final String FIRST =
      "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
  private static final String USAGE =
      "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n";

  @Test
  void passesAnOrdinaryStreamAsItIs() {
    String chunk = "data: {\"id\":\"c1\",\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n";

    assertThat(repaired(UsageChunk.ASKED, FIRST, chunk, USAGE)).containsExactly("=", "=", "=");
  }

  @Test
  void keepsTheUsageChunkFromAClientThatDidNotAsk() {
    assertThat(repaired(UsageChunk.NOT_ASKED, FIRST, USAGE)).containsExactly("=", "-");
  }

  @Test
  void keepsBackTheUsageOfOneAnswerOfSeveral() {
    StreamRepair repair = new StreamRepair(UsageChunk.ASKED, "fallback", 2);
    String end =
        "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

    String other = end.replace("\"index\":0", "\"index\":1");

    assertThat(repaired(repair, FIRST, end, USAGE, other, USAGE))
        .containsExactly("=", "=", "-", "=", "=");
  }

  @Test
  void passesAzuresFirstChunk() {
    String filter = "data: {\"id\":\"\",\"choices\":[],\"prompt_filter_results\":[]}\n\n";

    assertThat(repaired(UsageChunk.ASKED, filter, FIRST)).containsExactly("=", "=");
  }

  @Test
  void completesAnAnnotationOfAzuresAsynchronousFilter() {
    String annotation =
        "data: {\"id\":\"\",\"choices\":[{\"index\":0,\"finish_reason\":null,"
            + "\"content_filter_results\":{},\"content_filter_offsets\":{\"check_offset\":1}}]}\n\n";

    assertThat(repaired(UsageChunk.ASKED, FIRST, annotation))
        .containsExactly(
            "=",
            annotation.replace("\"id\":\"\"", "\"id\":\"c1\"").replace("[{", "[{\"delta\":{},"));
  }

  @Test
  void takesOutAnErrorOfNull() {
    String first = FIRST.replace("{\"id\"", "{\"error\":null,\"id\"");
    String last = FIRST.replace("}]}\n", "}],\"error\" : null }\n");

    assertThat(repaired(UsageChunk.ASKED, first, last))
        .containsExactly(FIRST, FIRST.replace("}]}\n", "}] }\n"));
  }

  @Test
  void givesAStreamWithoutIdAndRoleBoth() {
    String bare = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n";
    String usage = "data: {\"choices\":[],\"usage\":{}}\n\n";

    assertThat(repaired(UsageChunk.ASKED, bare, bare, usage))
        .containsExactly(
            "data: {\"id\":\"fallback\",\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"x\"}}]}\n\n",
            "data: {\"id\":\"fallback\",\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n",
            "data: {\"id\":\"fallback\",\"choices\":[],\"usage\":{}}\n\n");
  }

  @Test
  void repeatsNoLongId() {
    String first = FIRST.replace("c1", "c".repeat(600));
    String bare = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n";

    assertThat(repaired(UsageChunk.ASKED, first, bare))
        .containsExactly("=", bare.replace("{\"choices", "{\"id\":\"fallback\",\"choices"));
  }

  @Test
  void replacesARoleOfNullAndADeltaOfNull() {
    String chunk =
        "data: {\"id\":\"c1\",\"choices\":[{\"delta\":{\"role\":null}},{\"delta\":null},{\"delta\":{}},{}]}\n\n";

    assertThat(repaired(UsageChunk.ASKED, chunk))
        .containsExactly(
            "data: {\"id\":\"c1\",\"choices\":[{\"delta\":{\"role\":\"assistant\"}},"
                + "{\"delta\":{\"role\":\"assistant\"}},{\"delta\":{\"role\":\"assistant\"}},"
                + "{\"delta\":{\"role\":\"assistant\"}}]}\n\n");
  }

  @Test
  void framesAnEventOfSeveralLinesAnew() {
    String event =
        ": ping\r\nevent: message\r\ndata: {\"id\":\"c1\",\r\ndata:\"choices\":[]}\r\n\r\n";

    assertThat(repaired(UsageChunk.ASKED, event))
        .containsExactly("data: {\"id\":\"c1\", \"choices\":[]}\n\n");
  }

  /** Each event as it is sent: "=" as it is, "-" not at all. */
  private static List<String> repaired(UsageChunk usageChunk, String... events) {
    return repaired(new StreamRepair(usageChunk, "fallback"), events);
  }

  private static List<String> repaired(StreamRepair repair, String... events) {
    SseScanner scanner = new SseScanner(4096);
    List<String> sent = new ArrayList<>();
    byte[] bytes = String.join("", events).getBytes(UTF_8);
    SseScanner.Fed fed =
        scanner.feed(
            bytes,
            0,
            bytes.length,
            event ->
                sent.add(
                    switch (repair.repair(event)) {
                      case Repaired.AsItIs() -> "=";
                      case Repaired.Dropped() -> "-";
                      case Repaired.Replaced(var replacement) -> replacement.toString();
                    }));
    assertThat(fed).isEqualTo(SseScanner.Fed.ALL);
    return sent;
  }
}
