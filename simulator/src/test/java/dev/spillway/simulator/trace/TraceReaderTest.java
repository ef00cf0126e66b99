package dev.spillway.simulator.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceReaderTest {
  private static final Path DATA = Path.of("..", "data");
  private static final Path AZURE =
      DATA.resolve("azure-2023").resolve("AzureLLMInferenceTrace_conv.csv");
  private static final Path MOONCAKE =
      DATA.resolve("mooncake-fast25").resolve("conversation_trace.jsonl.gz");
  private static final String AZURE_HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens\r\n";

  @TempDir Path folder;

  @Test
  void readsTheAzureTraceToTheLast100Nanoseconds() throws IOException {
    List<TraceRequest> requests = TraceReader.readAll(AZURE, TraceCut.WHOLE);

    assertThat(requests).hasSize(19_366);
    assertThat(requests.getFirst()).isEqualTo(new TraceRequest(0, 374, 44, List.of()));
    assertThat(requests.get(1).arrivalNanos()).isEqualTo(4_314_579_000L);
    assertThat(requests.stream().mapToLong(TraceRequest::inputTokens).sum()).isEqualTo(22_361_870);
  }

  @Test
  void readsTheMooncakeTraceWithItsBlocks() throws IOException {
    List<TraceRequest> requests = TraceReader.readAll(MOONCAKE, TraceCut.WHOLE);

    assertThat(requests).hasSize(12_031);
    assertThat(requests)
        .allSatisfy(r -> assertThat(r.blockIds()).hasSize((r.inputTokens() + 511) / 512));
    assertThat(requests.getFirst().inputTokens()).isEqualTo(6_758);
  }

  @Test
  void spreadsTheTicksOfTheMooncakeClockTheSameEveryTime() throws IOException {
    List<TraceRequest> once = TraceReader.readAll(MOONCAKE, TraceCut.WHOLE);
    List<TraceRequest> again = TraceReader.readAll(MOONCAKE, TraceCut.WHOLE);

    assertThat(again).isEqualTo(once);
    assertThat(once)
        .isSortedAccordingTo((a, b) -> Long.compare(a.arrivalNanos(), b.arrivalNanos()));
    assertThat(once.stream().map(TraceRequest::arrivalNanos).distinct().count())
        .as("recorded on 1,180 ticks")
        .isGreaterThan(12_000);
    try (TraceReader reader = TraceReader.open(MOONCAKE, TraceCut.WHOLE)) {
      assertThat(reader.adjustment()).hasValueSatisfying(s -> assertThat(s).contains("spread"));
    }
  }

  @Test
  void cutsThenSpeedsUp() throws IOException {
    Path file =
        file(
            AZURE_HEADER
                + "2023-11-16 18:15:46.0000000,1,1\r\n"
                + "2023-11-16 18:15:47.0000000,2,1\r\n"
                + "2023-11-16 18:15:48.5000000,3,1\r\n"
                + "2023-11-16 18:15:49.0000000,4,1\r\n");
    TraceCut cut =
        TraceCut.WHOLE.from(Duration.ofSeconds(1)).lasting(Duration.ofSeconds(2)).atSpeed(2);

    List<TraceRequest> requests = TraceReader.readAll(file, cut);

    assertThat(requests)
        .containsExactly(
            new TraceRequest(0, 2, 1, List.of()), new TraceRequest(750_000_000, 3, 1, List.of()));
    assertThat(TraceReader.readAll(file, cut.limitedTo(1))).hasSize(1);
  }

  @Test
  void unpacksGzipWhateverItsName() throws IOException {
    Path file = folder.resolve("plain.csv");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write((AZURE_HEADER + "2023-11-16 18:15:46.6805900,374,44\r\n").getBytes(UTF_8));
    }

    assertThat(TraceReader.readAll(file, TraceCut.WHOLE))
        .containsExactly(new TraceRequest(0, 374, 44, List.of()));
  }

  @Test
  void refusesABadLineByFileAndNumber() throws IOException {
    Path file =
        file(
            AZURE_HEADER
                + "2023-11-16 18:15:46.6805900,374,44\n"
                + "2023-11-16 18:15:47.6805900,many,44\n");

    assertThatThrownBy(() -> TraceReader.readAll(file, TraceCut.WHOLE))
        .isInstanceOf(TraceFormatException.class)
        .hasMessage(file + ":3: many (expected: a count of tokens, at least 1)");
  }

  @Test
  void refusesTimesThatRunBackwards() throws IOException {
    Path csv =
        file(
            AZURE_HEADER
                + "2023-11-16 18:15:46.6805900,374,44\n"
                + "2023-11-16 18:15:45.6805900,374,44\n");

    assertThatThrownBy(() -> TraceReader.readAll(csv, TraceCut.WHOLE))
        .hasMessageContaining(":3: ")
        .hasMessageContaining("not before");
  }

  @Test
  void refusesAJsonLineWithoutItsFields() throws IOException {
    Path file =
        file(
            """
            {"timestamp":0,"input_length":5,"output_length":1,"hash_ids":[0]}
            {"timestamp":3000,"output_length":1,"hash_ids":[0]}
            """);

    assertThatThrownBy(() -> TraceReader.readAll(file, TraceCut.WHOLE))
        .isInstanceOf(TraceFormatException.class)
        .hasMessageContaining(file + ":2: ")
        .hasMessageContaining("input_length");
  }

  @Test
  void refusesWhatIsNoTrace() throws IOException {
    Path text = file("hello\n");
    Path empty = Files.writeString(folder.resolve("empty"), "");

    assertThatThrownBy(() -> TraceReader.open(text, TraceCut.WHOLE))
        .hasMessageContaining(":1: hello (expected: the header TIMESTAMP");
    assertThatThrownBy(() -> TraceReader.open(empty, TraceCut.WHOLE))
        .hasMessageContaining("empty file");
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("trace"), content);
  }
}
