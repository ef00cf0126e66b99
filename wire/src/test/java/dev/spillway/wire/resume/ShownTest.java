package dev.spillway.wire.resume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.RequestScan;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonTree;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.SseScanner;
import dev.spillway.wire.sse.SseSink;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownTest {
  private static final TenantId TENANT = new TenantId("team-a");
  private static final Chunks CHUNKS = new Chunks("first", true);

  private final ContinuationMemory memory = new ContinuationMemory(64 << 20);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"n\":2|SEVERAL_ANSWERS",
        "\"logprobs\":true|LOGPROBS",
        "\"response_format\":{\"type\":\"json_object\"}|CONSTRAINED_OUTPUT",
        "\"response_format\":{\"type\":\"text\"}|",
        "\"grammar\":\"root ::= x\"|CONSTRAINED_OUTPUT",
        "\"echo\":true|ECHOED_PROMPT",
        "\"echo\":false|",
        "\"tools\":[{}]|",
      })
  void isHinderedByWhatTheRequestAsks(String field, @Nullable Obstacle expected) {
    Shown shown =
        new Shown(
            request("{" + field + ",\"model\":\"m\",\"messages\":[{}]}"),
            "id",
            ContinuationMemoryTest.roomy());

    CHUNKS.read(CHUNKS.text("A"), shown::add);

    assertThat(shown.obstacle()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"response_format\":{\"type\":\"json_object\"}|CONSTRAINED_OUTPUT",
        "\"response_format\":{\"type\":\"structural_tag\"}|CONSTRAINED_OUTPUT",
        "\"response_format\":{\"type\":\"text\"}|",
        "\"response_format\":null|",
      })
  void isHinderedByTheFormOfACompletionToo(String field, @Nullable Obstacle expected) {
    ScannedRequest request =
        scanned(Operation.COMPLETIONS, "{" + field + ",\"model\":\"m\",\"prompt\":\"P\"}");
    Shown shown = new Shown(request, "id", ContinuationMemoryTest.roomy());
    Chunks completion = new Chunks("first", false);

    completion.read(completion.text("A"), shown::add);

    assertThat(shown.obstacle()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"content\":\"B\"|",
        "\"content\":\"B\\ud83d\\ude00\"|",
        "\"content\":\"B\\ud83d\"|",
        "\"content\":\"\\ude00\"|HALF_CHARACTER",
        "\"content\":\"\\ud83d\\ud83d\"|HALF_CHARACTER",
        "\"content\":\"\\ud83dB\"|HALF_CHARACTER",
        "\"content\":\"\",\"tool_calls\":[{\"index\":0}]|CALL",
        "\"function_call\":{\"name\":\"f\"}|CALL",
        "\"refusal\":\"No\"|REFUSAL",
        "\"audio\":{\"data\":\"AA\"}|AUDIO",
        "\"annotations\":[{\"url\":\"u\"}]|ANNOTATIONS",
        "\"annotations\":[],\"tool_calls\":null,\"refusal\":null|",
        "\"content\":[{\"text\":\"B\"}]|PARTS",
        "\"reasoning_content\":\"Hm\"|REASONING",
        "\"reasoning\":\"Hm\"|REASONING",
      })
  void isHinderedByWhatWasShown(String delta, @Nullable Obstacle expected) {
    Shown shown = shown();

    CHUNKS.read(CHUNKS.text("A") + CHUNKS.delta(delta, null), shown::add);

    assertThat(shown.obstacle()).isEqualTo(expected);
  }

  @Test
  void isHinderedByTwoTextsAtOnce() {
    Shown shown = shown();
    String choice = "{\"delta\":{\"content\":\"A\"}}";

    CHUNKS.read(CHUNKS.event("\"choices\":[" + choice + "," + choice + "]"), shown::add);

    assertThat(shown.obstacle()).isEqualTo(Obstacle.SEVERAL_ANSWERS);
  }

  @Test
  void hasNothingToContinueBeforeTheFirstText() {
    Shown shown = shown();

    CHUNKS.read(CHUNKS.role(), shown::add);

    assertThat(shown.obstacle()).isEqualTo(Obstacle.NOTHING_SHOWN);
  }

  @Test
  void keepsOnlySoMuch() {
    Shown shown = shown();
    String piece = CHUNKS.text("x".repeat(Shown.MAX_BYTES / 2));

    CHUNKS.read(piece + piece, shown::add);
    assertThat(shown.obstacle()).isNull();
    CHUNKS.read(piece, shown::add);

    assertThat(shown.obstacle()).isEqualTo(Obstacle.TOO_LONG);
    assertThat(shown.escaped().length()).isZero();
  }

  @Test
  void paysForItsTextAndLetsGoOfItWhenItCannotBeContinued() {
    Shown shown = shown();
    CHUNKS.read(CHUNKS.text("x".repeat(10_000)), shown::add);
    long before = memory.takenBytes();

    CHUNKS.read(CHUNKS.delta("\"tool_calls\":[{\"index\":0}]", null), shown::add);

    assertThat(before).isBetween(10_000L, 11_000L);
    assertThat(memory.takenBytes()).isZero();
    assertThat(shown.obstacle()).isEqualTo(Obstacle.CALL);
  }

  @Test
  void cannotBeContinuedWhereThereIsNoMemoryForMoreOfIt() {
    ContinuationMemory little = new ContinuationMemory(256 << 10);
    Shown shown = shown(little, "{\"model\":\"m\",\"messages\":[{}]}");

    CHUNKS.read(CHUNKS.text("x".repeat(1_500)), shown::add);
    assertThat(shown.obstacle()).isNull();
    CHUNKS.read(CHUNKS.text("x".repeat(1_500)) + CHUNKS.text("x"), shown::add);

    assertThat(shown.obstacle()).isEqualTo(Obstacle.NO_MEMORY);
    assertThat(little.takenBytes()).isZero();
    assertThat(little.unkept()).isEqualTo(1);
  }

  @Test
  void keepsNoLongTextThatTheRequestHinders() {
    Shown shown = shown(memory, "{\"n\":2,\"model\":\"m\",\"messages\":[{}]}");

    CHUNKS.read(CHUNKS.text("x".repeat(900)) + CHUNKS.text("x".repeat(900)), shown::add);

    assertThat(memory.takenBytes()).isZero();
    assertThat(shown.obstacle()).isEqualTo(Obstacle.SEVERAL_ANSWERS);
  }

  @Test
  void keepsNoTextThatNobodyContinues() {
    Shown shown = shown();
    shown.nobodyContinues();

    CHUNKS.read(CHUNKS.role() + CHUNKS.text("a") + CHUNKS.text("b"), shown::add);

    assertThat(memory.takenBytes()).isZero();
    assertThat(shown.obstacle()).isEqualTo(Obstacle.NOBODY);
    assertThat(shown.generatedTokens()).isEqualTo(2);
  }

  @Test
  void hasAllItsTokensWhetherItsTextWasKeptOrNot() {
    Shown kept = shown();
    Shown unkept = shown();
    unkept.nobodyContinues();
    Shown reasoned = shown();
    reasoned.nobodyContinues();
    for (Shown each : List.of(kept, unkept, reasoned)) {
      CHUNKS.read(CHUNKS.text("a") + CHUNKS.text("b"), each::add);
    }
    CHUNKS.read(CHUNKS.delta("\"reasoning\":\"Hm\"", null), reasoned::add);

    assertThat(kept.hasAllItsTokens(2)).isTrue();
    assertThat(unkept.hasAllItsTokens(2)).isTrue();
    assertThat(unkept.hasAllItsTokens(3)).isFalse();
    assertThat(unkept.hasAllItsTokens(0)).isFalse();
    assertThat(reasoned.hasAllItsTokens(2)).isFalse();
  }

  /** As of an engine that sends four tokens at once, of Russian. */
  @Test
  void doesNotTakeAnEstimateForAllOfItsTokens() {
    Shown shown = shown();
    CHUNKS.read(CHUNKS.text("д".repeat(16)).repeat(130), shown::add);

    assertThat(shown.generatedTokens()).isEqualTo(1_040);
    assertThat(shown.hasAllItsTokens(1_000)).isFalse();
    assertThat(shown.remainingTokens(1_000)).isEqualTo(435);
    assertThat(shown.hasAllItsTokens(130)).isTrue();
  }

  @Test
  void takesNoEstimateForCertainInTheNextPart() {
    Shown shown = shown();
    CHUNKS.read(CHUNKS.text("д".repeat(16)).repeat(130), shown::add);

    shown.beginPart();
    shown.count(1, 32);
    shown.counted(new Usage(5, 0, 1_050, Usage.Source.ESTIMATED));

    assertThat(shown.generatedTokens()).isEqualTo(1_050);
    assertThat(shown.hasAllItsTokens(1_000)).isFalse();
    assertThat(shown.hasAllItsTokens(140)).isTrue();
    assertThat(shown.hasAllItsTokens(141)).isFalse();
  }

  @Test
  void countsNoPromptThatIsRepeated() {
    String prompt = "word ".repeat(800);
    Chunks completion = new Chunks("first", false);
    Shown shown =
        new Shown(
            scanned(
                Operation.COMPLETIONS,
                "{\"model\":\"m\",\"prompt\":\"" + prompt + "\",\"echo\":true}"),
            "id",
            memory.share(TENANT));

    completion.read(completion.text(prompt + "one") + completion.text(" w").repeat(99), shown::add);

    assertThat(shown.usage()).isEqualTo(new Usage(1_000, 0, 100, Usage.Source.ESTIMATED));
    assertThat(shown.obstacle()).isEqualTo(Obstacle.ECHOED_PROMPT);
    assertThat(shown.hasAllItsTokens(100)).isFalse();
  }

  @Test
  void refusesWhatIsNotWritten() {
    ScannedRequest request = scanned(Operation.EMBEDDINGS, "{\"model\":\"m\",\"input\":\"x\"}");

    assertThat(new Shown(request, "id", ContinuationMemoryTest.roomy()).obstacle())
        .isEqualTo(Obstacle.OPERATION);
  }

  @Test
  void countsATokenAChunkUnlessChunksAreLong() {
    Shown short3 = shown();
    CHUNKS.read(
        CHUNKS.role() + CHUNKS.text("a") + CHUNKS.text("é".repeat(8)) + CHUNKS.text("b"),
        short3::add);
    Shown long1 = shown();
    CHUNKS.read(CHUNKS.text("é".repeat(10)), long1::add);

    assertThat(short3.generatedTokens()).isEqualTo(3);
    assertThat(long1.generatedTokens()).isEqualTo(5);
  }

  @Test
  void believesAProviderThatCounts() {
    Shown shown = shown();
    String counted =
        CHUNKS
            .text("ab")
            .replace("]}", "],\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":9}}");

    CHUNKS.read(counted + CHUNKS.text("c"), shown::add);

    assertThat(shown.generatedTokens()).isEqualTo(10);
    assertThat(shown.usage()).isEqualTo(new Usage(40, 0, 10, Usage.Source.ESTIMATED));
  }

  @Test
  void tellsWhatRemains() {
    Shown shown = shown();
    CHUNKS.read(CHUNKS.text("a") + CHUNKS.text("b"), shown::add);

    assertThat(shown.remainingTokens(5)).isEqualTo(3);
    assertThat(shown.remainingTokens(2)).isZero();
    assertThat(shown.remainingTokens(1)).isZero();
    assertThat(shown.remainingTokens(0)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void endsAnAnswerThatHasAllItsTokensAndTellsItsUsage() {
    Shown shown = shown();
    CHUNKS.read(CHUNKS.role() + CHUNKS.text("a"), shown::add);
    ClientView client = new ClientView();

    client.take(CHUNKS.text("a"));
    client.take(shown.lengthEvent().toString());
    client.take(shown.usageEvent().toString());

    assertThat(client.heads()).hasSize(1);
    assertThat(client.finishReasons()).containsExactly("length");
    assertThat(JsonTree.at(client.usages().getFirst(), "total_tokens")).isEqualTo(5L);
    assertThat(shown.usageEvent().toString())
        .contains("\"choices\":[]")
        .contains("\"spillway\":{\"usage\":\"estimated\"}");
  }

  @Test
  void hasAnIdOfItsOwnIfTheProviderGivesNone() {
    Shown shown = shown();
    CHUNKS.read(
        "data: {\"id\":\"\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n", shown::add);

    assertThat(shown.lengthEvent().toString())
        .contains("\"id\":\"ours\"")
        .contains("\"model\":\"m\"");
  }

  @Test
  void takesTheIdOfTheFirstChunkThatHasOne() {
    Shown shown = shown();
    String nameless = "data: {\"id\":\"\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";

    CHUNKS.read(nameless + CHUNKS.text("b") + new Chunks("later", true).text("c"), shown::add);

    assertThat(shown.lengthEvent().toString()).contains("\"id\":\"first\"");
  }

  @Test
  void keepsOfALongFirstChunkWhatAllChunksHaveInCommon() {
    Shown shown = shown();

    CHUNKS.read(CHUNKS.text("x".repeat(5_000)) + new Chunks("later", true).text("y"), shown::add);

    assertThat(shown.lengthEvent().toString())
        .contains("\"id\":\"first\"")
        .contains("\"created\":" + "first".hashCode())
        .contains("\"model\":\"m-first\"");
  }

  @Test
  void aChunkAllocatesNothingButRoomToGrow() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] chunk = CHUNKS.text(" w").getBytes(UTF_8);
    SseScanner scanner = new SseScanner(4096);
    Consumer<SseEvent> add = shown()::add;
    SseSink sink = add::accept;
    int times = 20_000;
    for (int i = 0; i < times; i++) {
      scanner.feed(chunk, 0, chunk.length, sink);
    }

    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < times; i++) {
      scanner.feed(chunk, 0, chunk.length, sink);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).as("bytes in %d chunks", times).isLessThan(4L * " w".length() * times);
  }

  private Shown shown() {
    return shown(memory, "{\"model\":\"m\",\"messages\":[{}]}");
  }

  private static Shown shown(ContinuationMemory memory, String body) {
    return new Shown(request(body), "ours", memory.share(TENANT));
  }

  private static ScannedRequest request(String body) {
    return scanned(Operation.CHAT_COMPLETIONS, body);
  }

  private static ScannedRequest scanned(Operation operation, String body) {
    return ((RequestScan.Accepted) RequestScan.of(operation, null, ByteSlice.of(body))).request();
  }
}
