package dev.spillway.wire.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.sse.SseEvent.Kind;
import dev.spillway.wire.sse.SseScanner.Fed;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SseScannerTest {
  private static final String CHUNK = "{\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}";

  private final SseScanner scanner = new SseScanner(4096);
  private final List<String> seen = new ArrayList<>();
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final List<SseEvent.Place> places = new ArrayList<>();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "data: [DONE]\\n\\n|DONE",
        "data:[DONE]\\r\\n\\r\\n|DONE",
        "data: [DONE] \\r\\r|DONE",
        ": ping\\n\\n|HEARTBEAT",
        "event: ping\\n\\n|HEARTBEAT",
        "data\\n\\n|HEARTBEAT",
        "id: 7\\nretry: 10\\n\\n|HEARTBEAT",
        "event: ping\\ndata: {}\\n\\n|UNKNOWN",
        "data: {\"type\":\"ping\"}\\n\\n|UNKNOWN",
        "data: {\"choices\":[]}\\n\\n|CHUNK",
        "data: {\"choices\":[],\\ndata: \"id\":\"x\"}\\n\\n|CHUNK",
        "data: {\"error\":{\"message\":\"m\"}}\\n\\n|ERROR",
        "event: error\\ndata: {\"message\":\"m\"}\\n\\n|ERROR",
        "data: {\"error\":null,\"choices\":[]}\\n\\n|CHUNK",
        "data: {\"choices\":[]\\n\\n|MALFORMED",
        "data: <html>\\n\\n|MALFORMED",
        "dataset: x\\n\\n|HEARTBEAT",
      })
  void tellsWhatAnEventIs(String event, Kind kind) {
    feed(event.replace("\\n", "\n").replace("\\r", "\r"));

    assertThat(seen).singleElement().asString().startsWith(kind.name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "event: ping\\ndata: {}\\n\\n|true",
        "event:ping\\ndata: {\"type\":\"ping\"}\\n\\n|true",
        "data: {\"type\": \"ping\"}\\n\\n|true",
        "event: pinged\\ndata: {\"a\":1}\\n\\n|false",
        "data: {\"type\":\"response.created\"}\\n\\n|false",
      })
  void knowsAPingFromWhatIsForeign(String event, boolean isPing) {
    List<Boolean> pings = new ArrayList<>();
    byte[] bytes = event.replace("\\n", "\n").getBytes(UTF_8);

    new SseScanner(1 << 10, SseScanner.Data.CHAT)
        .feed(bytes, 0, bytes.length, each -> pings.add(each.isPing()));

    assertThat(pings).containsExactly(isPing);
  }

  @Test
  void leavesAnEventThatCameInOneReadWhereItIs() {
    feed("data: " + CHUNK + "\n\ndata: [DO");
    feed("NE]\n\n");

    assertThat(places).containsExactly(SseEvent.Place.INPUT, SseEvent.Place.CARRIED);
  }

  @Test
  void keepsNoRoomOfALongEvent() {
    SseScanner long16 = new SseScanner(16 << 20);
    byte[] half = ("data: " + "x".repeat(500_000)).getBytes(UTF_8);
    byte[] rest = ("x".repeat(500_000) + "\n\n").getBytes(UTF_8);

    long16.feed(half, 0, half.length, this::see);
    long16.feed(rest, 0, rest.length, this::see);

    assertThat(seen).hasSize(1);
    assertThat(long16.keptBytes()).isZero();
  }

  @Test
  void keepsTheRoomOfAnOrdinaryEvent() {
    feed("data: " + CHUNK + "\n");
    feed("\n");

    assertThat(scanner.keptBytes()).isPositive();
  }

  @Test
  void tellsOnlyWholeEvents() {
    feed("data: " + CHUNK + "\n\ndata: {\"choices\":");

    assertThat(told.toString(UTF_8)).isEqualTo("data: " + CHUNK + "\n\n");
    assertThat(scanner.pendingBytes()).isEqualTo(17);
  }

  @Test
  void tellsADoneThatLacksItsEmptyLine() {
    feed("data: [DONE]\n");

    scanner.end(this::see);

    assertThat(seen).containsExactly("DONE [DONE]");
    assertThat(scanner.pendingBytes()).isZero();
  }

  @Test
  void dropsAChunkThatLacksItsEmptyLine() {
    feed("data: " + CHUNK + "\n");

    scanner.end(this::see);

    assertThat(seen).isEmpty();
    assertThat(scanner.pendingBytes()).isPositive();
  }

  @Test
  void boundsAnEventHoweverItComes() {
    byte[] large = ("data: " + "x".repeat(5_000) + "\n\n").getBytes(UTF_8);
    assertThat(new SseScanner(4096).feed(large, 0, large.length, this::see))
        .isEqualTo(Fed.EVENT_TOO_LONG);

    Fed fed = Fed.ALL;
    int bytes = 0;
    while (fed == Fed.ALL && bytes < 10_000) {
      fed = scanner.feed(large, 10, 1, this::see);
      bytes++;
    }
    assertThat(bytes).isEqualTo(4097);
    assertThat(seen).isEmpty();
  }

  /** However a stream is cut into reads, it is the stream that the standard describes. */
  @RepeatedTest(300)
  void readsTheSameEventsHoweverTheyAreCut(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    String stream = stream(random);
    byte[] bytes = stream.getBytes(UTF_8);

    int at = 0;
    while (at < bytes.length) {
      int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 200));
      assertThat(scanner.feed(bytes, at, length, this::see)).isEqualTo(Fed.ALL);
      at += length;
    }

    List<String> data =
        seen.stream().filter(e -> !e.startsWith("HEARTBEAT")).map(this::data).toList();
    assertThat(data).as("seed %d: %s", seed, stream).isEqualTo(PlainReader.data(stream));
    assertThat(PlainReader.data(told.toString(UTF_8))).as("relayed, seed %d", seed).isEqualTo(data);
  }

  private static String stream(RandomGenerator random) {
    String[] ends = {"\n", "\r\n", "\r"};
    String[] lines = {
      "data: " + CHUNK,
      "data:{\"choices\":[]}",
      ": ping",
      "event: x",
      "data",
      "data: é中😀",
      "",
      "data: [DONE]",
      "data:  two",
      "id",
      "datum: x",
      "data: {\"error\":{\"code\":1}}",
      "",
    };
    StringBuilder stream = new StringBuilder(random.nextInt(4) == 0 ? "\uFEFF" : "");
    int count = random.nextInt(40);
    boolean mixed = random.nextBoolean();
    String end = ends[random.nextInt(3)];
    for (int i = 0; i < count; i++) {
      stream.append(lines[random.nextInt(lines.length)]);
      stream.append(mixed ? ends[random.nextInt(3)] : end);
    }
    return stream.toString();
  }

  private void feed(String text) {
    byte[] bytes = ("##" + text).getBytes(UTF_8);
    assertThat(scanner.feed(bytes, 2, bytes.length - 2, this::see)).isEqualTo(Fed.ALL);
  }

  private String data(String entry) {
    return entry.substring(entry.indexOf(' ') + 1);
  }

  private void see(SseEvent event) {
    String data = new String(event.dataArray(), event.dataOffset(), event.dataLength(), UTF_8);
    seen.add(event.kind() + " " + data);
    told.write(event.array(), event.offset(), event.length());
    places.add(event.place());
  }
}
