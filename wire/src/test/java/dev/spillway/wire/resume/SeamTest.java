package dev.spillway.wire.resume;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.RequestScan;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonTree;
import dev.spillway.wire.sse.StreamRepair;
import dev.spillway.wire.sse.StreamRepair.UsageChunk;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeamTest {
  private static final Chunks FIRST = new Chunks("first", true);
  private static final Chunks NEXT = new Chunks("next", true);
  private static final String LONG = "It was the best of times, it was the worst of times";

  private final ClientView client = new ClientView();
  private UsageChunk usageChunk = UsageChunk.ASKED;
  private String stop = "";
  private ByteSlice body = ByteSlice.of("{\"model\":\"m\",\"messages\":[{}]}");
  private Shown shown = new Shown(request(), "fallback", ContinuationMemoryTest.roomy());

  @Test
  void takesTheFirstStreamsHeadAndDropsTheSecondsBeginning() {
    Seam seam = joined("One", NEXT.role() + NEXT.text(" two") + NEXT.finish("stop"));

    assertThat(client.text()).isEqualTo("One two");
    assertThat(client.heads()).hasSize(1);
    assertThat(client.roles()).isEqualTo(1);
    assertThat(client.events()).isEqualTo(4);
    assertThat(seam.failure()).isNull();
  }

  @Test
  void takesTheRoleOutOfAChunkThatHoldsTextToo() {
    joined("One", NEXT.delta("\"content\":\" two\",\"role\":\"assistant\"", "stop"));

    assertThat(client.text()).isEqualTo("One two");
    assertThat(client.roles()).isEqualTo(1);
  }

  @Test
  void sendsNothingBehindTheFinishReasonButTheUsage() {
    String end = NEXT.finish("length") + NEXT.text(" three") + NEXT.finish("stop");

    joined("One", NEXT.text(" two") + end + NEXT.usage(101, 3) + NEXT.text("!"));

    assertThat(client.text()).isEqualTo("One two");
    assertThat(client.finishReasons()).containsExactly("length");
    assertThat(client.usages()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "101, 3, 100, 4, 100", // what was sent again is no input of the client's
    "1, 3, 1, 4, 1", // never below 1
  })
  void tellsTheUsageOfTheWhole(long input, long output, long asIn, long asOut, long cached) {
    Seam seam = joined("One", NEXT.text(" two") + NEXT.finish("stop") + NEXT.usage(input, output));

    assertThat(client.usages())
        .containsExactly(
            Map.of(
                "prompt_tokens",
                asIn,
                "completion_tokens",
                asOut,
                "total_tokens",
                asIn + asOut,
                "prompt_tokens_details",
                Map.of("cached_tokens", cached)));
    assertThat(seam.usage()).isEqualTo(new Usage(asIn, cached, asOut, Usage.Source.ESTIMATED));
    assertThat(client.marks()).isEqualTo(1);
  }

  @Test
  void takesWhatBothProvidersCountedForExact() {
    Seam seam =
        joinedStreams(
            counted(FIRST.text("One"), 50, 1) + counted(FIRST.text(" of"), 50, 3),
            NEXT.text(" two") + NEXT.finish("stop") + NEXT.usage(60, 4));

    assertThat(seam.usage()).isEqualTo(new Usage(50, 50, 7, Usage.Source.PROVIDER));
    assertThat(client.marks()).isZero();
  }

  @Test
  void estimatesWhatWasShownAfterTheLastCount() {
    Seam seam =
        joinedStreams(
            counted(FIRST.text("One"), 50, 1) + FIRST.text(" of"),
            NEXT.text(" two") + NEXT.finish("stop") + NEXT.usage(60, 4));

    assertThat(seam.usage()).isEqualTo(new Usage(50, 50, 6, Usage.Source.ESTIMATED));
    assertThat(client.marks()).isEqualTo(1);
  }

  @Test
  void marksTheUsageInEachChunkThatTellsAnEstimate() {
    Seam seam =
        joined("One", counted(NEXT.text(" two"), 51, 1) + counted(NEXT.text(" three"), 51, 2));

    assertThat(client.marks()).isEqualTo(2);
    assertThat(seam.usage()).isEqualTo(new Usage(50, 0, 3, Usage.Source.ESTIMATED));
  }

  @Test
  void makesNoExactUsageOfAnEstimateAtTheNextSeam() {
    Seam first = joined("One", counted(NEXT.text(" two"), 51, 1));
    Seam second = again(counted(NEXT.text(" three"), 52, 1));

    assertThat(first.usage()).isEqualTo(new Usage(50, 0, 2, Usage.Source.ESTIMATED));
    assertThat(second.usage()).isEqualTo(new Usage(50, 0, 3, Usage.Source.ESTIMATED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{ }", "{\"completion_tokens\":2}", "{\"prompt_tokens\":null,\"x\":[{}]}"})
  void tellsAUsageThatLacksItsNumbersWithThem(String usage) {
    String event = NEXT.event("\"choices\":[],\"usage\":" + usage);

    joined("One", NEXT.text(" two") + NEXT.finish("stop") + event);

    Object told = client.usages().getFirst();
    assertThat(JsonTree.at(told, "prompt_tokens")).isEqualTo(1L);
    assertThat(JsonTree.at(told, "total_tokens")).isInstanceOf(Long.class);
  }

  @Test
  void keepsTheUsageFromAClientThatDidNotAsk() {
    usageChunk = UsageChunk.NOT_ASKED;

    Seam seam = joined("One", NEXT.text(" two") + NEXT.finish("stop") + NEXT.usage(11, 3));

    assertThat(client.usages()).isEmpty();
    assertThat(seam.usage()).isEqualTo(new Usage(10, 10, 4, Usage.Source.ESTIMATED));
  }

  @Test
  void endsAtAStopStringThatLiesAcrossTheSeam() {
    stop = "[\"never\",\"</end>\"]";

    Seam seam = joined("One</e", NEXT.role() + NEXT.text("n") + NEXT.text("d> two"));

    assertThat(seam.stopped()).isTrue();
    assertThat(client.text()).isEqualTo("One</e");
    assertThat(client.finishReasons()).containsExactly("stop");
  }

  @Test
  void goesOnWhereAStopStringDoesNotComeAfterAll() {
    stop = "\"</end>\"";

    Seam seam = joined("One</e", NEXT.text("n") + NEXT.text("g>") + NEXT.finish("stop"));

    assertThat(seam.stopped()).isFalse();
    assertThat(client.text()).isEqualTo("One</eng>");
  }

  @Test
  void sendsWhatWasHeldWhenTheAnswerEndsInTheMiddleOfAStopString() {
    stop = "\"</end>\"";

    joined("One</e", NEXT.text("n") + NEXT.finish("length"));

    assertThat(client.text()).isEqualTo("One</en");
    assertThat(client.finishReasons()).containsExactly("length");
  }

  @Test
  void completesAStoppedCharacterBeforeItStops() {
    stop = "\"b😀\"";

    Seam seam = joined("ab\\ud83d", NEXT.text("😀c"));

    assertThat(seam.stopped()).isTrue();
    assertThat(client.text()).isEqualTo("ab😀");
  }

  @ParameterizedTest
  @ValueSource(strings = {"😀 two", "\\ud83d\\ude00 two", "\\uD83D\\uDE00 two"})
  void completesACharacterThatWasHalfShown(String rest) {
    joined("One \\ud83d", NEXT.text(rest) + NEXT.finish("stop"));

    assertThat(client.text()).isEqualTo("One 😀 two");
  }

  @Test
  void completesACharacterThatIsSplitAgain() {
    joined("One \\ud83d", NEXT.text("\\ud83d") + NEXT.text("\\ude00") + NEXT.finish("stop"));

    assertThat(client.text()).isEqualTo("One 😀");
  }

  @ParameterizedTest
  @ValueSource(strings = {" two", "🇨", "\\ude00", "\\ud83d!"})
  void doesNotJoinAnotherCharacterToHalfOfOne(String rest) {
    Seam seam = joined("One \\ud83d", NEXT.text(rest) + NEXT.finish("stop"));

    assertThat(seam.failure()).contains("another character");
    assertThat(client.finishReasons()).isEmpty();
  }

  @Test
  void takesAnEscapedBackslashForNoHalfOfACharacter() {
    joined("One \\\\ud83d", NEXT.text(" two") + NEXT.finish("stop"));

    assertThat(client.text()).isEqualTo("One \\ud83d two");
  }

  @Test
  void removesAnEchoOfTheWholeTextInWhateverPiecesAndEscapes() {
    Seam seam =
        joined(
            LONG,
            NEXT.role()
                + NEXT.text("It \\u0077as")
                + NEXT.text(LONG.substring(6, 40))
                + NEXT.text(LONG.substring(40) + ", it")
                + NEXT.text(" was")
                + NEXT.finish("stop"));

    assertThat(client.text()).isEqualTo(LONG + ", it was");
    assertThat(seam.failure()).isNull();
  }

  @Test
  void removesAnEchoOfAShortTextThatComesAllAtOnce() {
    joined(
        List.of("The ", "1"),
        NEXT.role() + NEXT.text("The 10") + NEXT.text("00th") + NEXT.finish("stop"));

    assertThat(client.text()).isEqualTo("The 1000th");
  }

  @Test
  void keepsAShortTextThatComesAgainTokenByToken() {
    joined(List.of("The ", "1"), NEXT.text("The ") + NEXT.text("1") + NEXT.finish("stop"));

    assertThat(client.text()).isEqualTo("The 1The 1");
  }

  @Test
  void keepsAPeriodicTextThatComesAgainAtOnce() {
    joined(List.of("ha ", "ha "), NEXT.text("ha ha ha") + NEXT.finish("stop"));

    assertThat(client.text()).isEqualTo("ha ha ha ha ha");
  }

  @Test
  void readsAnEchoOfALongTextOnceOnly() {
    RandomText texts = new RandomText(RandomGeneratorFactory.of("L64X128MixRandom").create(5));
    String text = texts.text(10_000);
    StringBuilder echo = new StringBuilder();
    texts.pieces(text).forEach(piece -> echo.append(NEXT.text(texts.escaped(piece))));

    joined(texts.escaped(text), echo + NEXT.text("!") + NEXT.finish("stop"));

    assertThat(client.text()).isEqualTo(text + "!");
  }

  @Test
  void findsAStopStringAmongMoreAndLongerOnesThanItLooksAt() {
    stop = "[\"</end>\"" + ",\"<\"".repeat(100_000) + ",7,\"" + "<".repeat(100_000) + "\"]";

    Seam seam = joined("One</e", NEXT.text("nd>"));

    assertThat(seam.stopped()).isTrue();
  }

  @Test
  void keepsWhatBeginsLikeAnEchoAndIsNone() {
    joined(LONG, NEXT.text("It was the") + NEXT.text(" end") + NEXT.finish("stop"));

    assertThat(client.text()).isEqualTo(LONG + "It was the end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ha ", "ha ha ha ha ha ha ha ha ha ha ha ha ha ha ", "Sure. "})
  void keepsGenuineRepetition(String text) {
    joined(text, NEXT.text(text) + NEXT.text(text) + NEXT.finish("stop"));

    assertThat(client.text()).isEqualTo(text + text + text);
  }

  @Test
  void keepsLastWordsThatComeAgainAndWhiteSpaceAsItIs() {
    joined(LONG + " \\n", NEXT.text("\\n ") + NEXT.text("of times") + NEXT.finish("stop"));

    assertThat(client.text()).isEqualTo(LONG + " \n\n of times");
  }

  @Test
  void failsIfTheEngineBeginsToReasonInTheMiddle() {
    Seam seam = joined("One", NEXT.delta("\"reasoning_content\":\"Hm\"", null) + NEXT.text("x"));

    assertThat(seam.failure()).contains("reason");
    assertThat(client.text()).isEqualTo("One");
  }

  @Test
  void failsIfSeveralAnswersCome() {
    String two = "{\"delta\":{\"content\":\"x\"}},{\"delta\":{\"content\":\"y\"}}";

    Seam seam = joined("One", NEXT.event("\"choices\":[" + two + "]"));

    assertThat(seam.failure()).contains("several");
    assertThat(client.text()).isEqualTo("One");
  }

  @Test
  void passesACallThatFollowsTheText() {
    String call = "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}]";

    joined(LONG, NEXT.text("It") + NEXT.delta(call, null) + NEXT.finish("tool_calls"));

    assertThat(client.text()).isEqualTo(LONG + "It");
    assertThat(client.events()).isEqualTo(2 + 2 + 1);
  }

  @Test
  void repairsWhatClientsStumbleOver() {
    String lines =
        "data: {\"id\":\"n\",\ndata: \"error\":null,\"choices\":[{\"delta\":{\"content\":\"!\"}}]}\n\n";
    String annotation = NEXT.event("\"choices\":[{\"index\":0,\"finish_reason\":null}]");

    joined("One", lines + annotation + NEXT.finish("stop"));

    assertThat(client.text()).isEqualTo("One!");
    assertThat(client.events()).isEqualTo(2 + 3);
  }

  private Seam joined(String shownText, String stream) {
    return joined(List.of(shownText), stream);
  }

  private Seam joined(List<String> shownTexts, String stream) {
    return joinedStreams(shownTexts.stream().map(FIRST::text).collect(joining()), stream);
  }

  private Seam joinedStreams(String first, String next) {
    String stops = stop.isEmpty() ? "" : ",\"stop\":" + stop;
    body = ByteSlice.of("{\"model\":\"m\",\"messages\":[{}]" + stops + "}");
    shown = new Shown(request(), "fallback", ContinuationMemoryTest.roomy());
    StreamRepair repair = new StreamRepair(usageChunk, "fallback");
    FIRST.read(
        FIRST.role() + first,
        event -> {
          client.take(repair.repair(event), event);
          shown.add(event);
        });
    return again(next);
  }

  /** Once more, after all that is shown by now. */
  private Seam again(String stream) {
    Seam seam = new Seam(request(), body, shown, usageChunk);
    NEXT.read(stream, event -> client.take(seam.repair(event), event));
    return seam;
  }

  private ScannedRequest request() {
    return ((RequestScan.Accepted) RequestScan.of(Operation.CHAT_COMPLETIONS, null, body))
        .request();
  }

  private static String counted(String chunk, long input, long output) {
    String usage = "\"prompt_tokens\":" + input + ",\"completion_tokens\":" + output;
    return chunk.replace("]}", "],\"usage\":{" + usage + "}}");
  }
}
