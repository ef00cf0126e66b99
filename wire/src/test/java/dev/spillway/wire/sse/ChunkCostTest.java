package dev.spillway.wire.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class ChunkCostTest {
  private static final int TIMES = 20_000;
  private static final long BYTES_OF_THE_MEASUREMENT_ITSELF = 4_096;
  private static final byte[] CHUNK =
      ("data: {\"id\":\"chatcmpl-9x8y7z\",\"object\":\"chat.completion.chunk\",\"created\":1718000000,"
              + "\"model\":\"gpt-4o\",\"system_fingerprint\":\"fp\",\"choices\":[{\"index\":0,"
              + "\"delta\":{\"role\":\"assistant\",\"content\":\" héllo\"},\"logprobs\":null,"
              + "\"finish_reason\":null}],\"usage\":null}\n\n")
          .getBytes(UTF_8);

  private final SseScanner scanner = new SseScanner(4096);
  private final StreamRepair repair = new StreamRepair(StreamRepair.UsageChunk.ASKED, "id");
  private long fed;
  private long seen;

  @Test
  void anOrdinaryChunkAllocatesNothing() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    SseSink sink = this::see;
    feed(sink);

    long before = threads.getCurrentThreadAllocatedBytes();
    feed(sink);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(fed).isEqualTo(2 * TIMES);
    assertThat(seen).isEqualTo(fed);
    assertThat(allocated)
        .as("bytes in %d chunks", TIMES)
        .isLessThan(BYTES_OF_THE_MEASUREMENT_ITSELF);
  }

  private void feed(SseSink sink) {
    for (int i = 0; i < TIMES; i++) {
      fed += scanner.feed(CHUNK, 0, CHUNK.length, sink) == SseScanner.Fed.ALL ? 1 : 0;
    }
  }

  private void see(SseEvent event) {
    boolean asItIs = repair.repair(event) instanceof StreamRepair.Repaired.AsItIs;
    seen += asItIs && event.chunk().hasContent() ? 1 : 0;
  }
}
