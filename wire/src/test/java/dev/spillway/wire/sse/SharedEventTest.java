package dev.spillway.wire.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedEventTest {
  private static final String HERS = "\uFEFFdata: [1]\n\n: a\r\n\r\ndata: 2\ndata: 3\n\ndata: \n\n";
  private static final String HIS =
      "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\nevent: ping\ndata: 7\n\ndata: [DONE]\n\n";

  private final SseEvent shared = new SseEvent(SseScanner.Data.CHAT);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1_000})
  void streamsThatShareAnEventReadAsTheyDoAlone(int step) {
    SseScanner hers = new SseScanner(4096, shared);
    SseScanner his = new SseScanner(4096, shared);
    StringBuilder fromHers = new StringBuilder();
    StringBuilder fromHis = new StringBuilder();

    for (int at = 0; at < Math.max(HERS.length(), HIS.length()); at += step) {
      feed(hers, HERS, at, step, fromHers);
      feed(his, HIS, at, step, fromHis);
    }

    assertThat(fromHers).hasToString(alone(HERS));
    assertThat(fromHis).hasToString(alone(HIS));
  }

  @Test
  void noStreamIsReadWhileAnEventOfAnotherIsTold() {
    SseScanner hers = new SseScanner(4096, shared);
    SseScanner his = new SseScanner(4096, shared);
    byte[] event = "data: {}\n\n".getBytes(UTF_8);

    assertThatThrownBy(
            () -> hers.feed(event, 0, event.length, _ -> his.feed(event, 0, event.length, _ -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("while another is told");
  }

  private static String alone(String stream) {
    StringBuilder told = new StringBuilder();
    feed(new SseScanner(4096), stream, 0, stream.length(), told);
    assertThat(told).isNotEmpty();
    return told.toString();
  }

  private static void feed(
      SseScanner scanner, String stream, int from, int count, StringBuilder told) {
    if (from < stream.length()) {
      byte[] bytes =
          stream.substring(from, Math.min(stream.length(), from + count)).getBytes(UTF_8);
      scanner.feed(bytes, 0, bytes.length, event -> tell(event, told));
    }
  }

  private static void tell(SseEvent event, StringBuilder told) {
    told.append(event.kind())
        .append(' ')
        .append(new String(event.dataArray(), event.dataOffset(), event.dataLength(), UTF_8))
        .append(' ')
        .append(event.kind() == SseEvent.Kind.CHUNK ? event.chunk().contentBytes() : -1)
        .append('\n');
  }
}
