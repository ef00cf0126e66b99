package dev.spillway.wire.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.TenantId;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonTree;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventFoldTest {
  private static final TenantId TENANT = new TenantId("team-a");
  private static final String START =
      """
      {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",
      "model":"m","content":[],"stop_reason":null,"stop_sequence":null,
      "usage":{"input_tokens":9,"output_tokens":1}}}\
      """;
  private static final String END =
      """
      {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},
      "usage":{"output_tokens":7},"context_management":{"applied_edits":[]}}\
      """;
  private static final String STOP = "{\"type\":\"message_stop\"}";

  private final AnswerMemory memory = new AnswerMemory(1 << 20);
  private final AnswerMemory.Share share = memory.share(TENANT);

  @Test
  void aMessageIsWhatItWouldHaveBeenAtOnce() {
    assertSame(
        fold(
            Operation.MESSAGES,
            START,
            "{\"type\":\"ping\"}",
            opened(0, "\"type\":\"text\",\"text\":\"\",\"citations\":null"),
            delta(0, "\"type\":\"text_delta\",\"text\":\"Hi \\ud83d\""),
            delta(0, "\"type\":\"text_delta\",\"text\":\"\\ude00 \\\"é\""),
            "{\"type\":\"content_block_stop\",\"index\":0}",
            END,
            STOP),
        """
        {"id":"msg_1","type":"message","role":"assistant","model":"m",
        "content":[{"type":"text","text":"Hi 😀 \\"é","citations":null}],
        "stop_reason":"end_turn","stop_sequence":null,"context_management":{"applied_edits":[]},
        "usage":{"input_tokens":9,"output_tokens":7}}\
        """);
  }

  @Test
  void thoughtsToolsAndCitationsAreBlocksOfTheirOwn() {
    assertSame(
        fold(
            Operation.MESSAGES,
            START,
            opened(0, "\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\""),
            delta(0, "\"type\":\"thinking_delta\",\"thinking\":\"So\""),
            delta(0, "\"type\":\"signature_delta\",\"signature\":\"c2ln\""),
            opened(2, "\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"look\",\"input\":{}"),
            delta(2, "\"type\":\"input_json_delta\",\"partial_json\":\"\""),
            delta(2, "\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"x\\\": \\\"a\""),
            delta(2, "\"type\":\"input_json_delta\",\"partial_json\":\"\\\\n\\\"}\""),
            opened(1, "\"type\":\"text\",\"text\":\"a\",\"citations\":[{\"n\":1}]"),
            delta(1, "\"type\":\"citations_delta\",\"citation\":{\"n\":2}"),
            opened(3, "\"type\":\"tool_use\",\"id\":\"t2\",\"name\":\"now\",\"input\":{}"),
            END,
            STOP),
        """
        {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[
        {"type":"thinking","thinking":"So","signature":"c2ln"},
        {"type":"text","text":"a","citations":[{"n":1},{"n":2}]},
        {"type":"tool_use","id":"t1","name":"look","input":{"x":"a\\n"}},
        {"type":"tool_use","id":"t2","name":"now","input":{}}],
        "stop_reason":"end_turn","stop_sequence":null,"context_management":{"applied_edits":[]},
        "usage":{"input_tokens":9,"output_tokens":7}}\
        """);
  }

  @Test
  void anInputThatBreaksOffIsEmpty() {
    String whole =
        fold(
            Operation.MESSAGES,
            START,
            opened(0, "\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"look\",\"input\":{}"),
            delta(0, "\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"x\\\": \\\"a\""),
            END.replace("end_turn", "max_tokens"),
            STOP);

    assertThat(whole).contains("\"input\":{}", "\"stop_reason\":\"max_tokens\"");
  }

  @Test
  void partsOfNoBlockMakeNoMessage() {
    String text = delta(0, "\"type\":\"text_delta\",\"text\":\"Hi\"");
    String open = opened(0, "\"type\":\"text\",\"text\":\"\"");

    assertThat(fold(Operation.MESSAGES, START, text, END, STOP)).isNull();
    assertThat(fold(Operation.MESSAGES, START, open, open, END, STOP)).isNull();
    assertThat(fold(Operation.MESSAGES, STOP)).isNull();
  }

  @Test
  void aResponseIsWhatItsLastEventCarries() {
    assertSame(
        fold(
            Operation.RESPONSES,
            "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"output\":[]}}",
            "{\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}",
            "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"id\":\"i\"}}",
            "{\"type\":\"response.completed\",\"sequence_number\":9,\"response\":"
                + "{\"id\":\"resp_1\",\"status\":\"completed\",\"output\":[{\"id\":\"whole\"}]}}"),
        "{\"id\":\"resp_1\",\"status\":\"completed\",\"output\":[{\"id\":\"whole\"}]}");
  }

  @Test
  void itsItemsAreItsOutputWhereTheLastEventHasNone() {
    assertSame(
        fold(
            Operation.RESPONSES,
            "{\"type\":\"response.output_item.done\",\"output_index\":1,\"item\":{\"id\":\"b\"}}",
            "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"id\":\"a\"}}",
            "{\"type\":\"response.incomplete\",\"response\":"
                + "{\"id\":\"resp_1\",\"status\":\"incomplete\",\"output\":[]}}"),
        "{\"id\":\"resp_1\",\"status\":\"incomplete\",\"output\":[{\"id\":\"a\"},{\"id\":\"b\"}]}");
  }

  @Test
  void anOutputOfNothingIsNone() {
    String done = "{\"type\":\"response.output_item.done\",\"item\":{\"id\":\"a\"}}";
    String end = "{\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"output\":%s}}";
    String whole = "{\"id\":\"r\",\"output\":[{\"id\":\"a\"}]}";

    assertSame(fold(Operation.RESPONSES, done, end.formatted("[ \n ]")), whole);
    assertSame(fold(Operation.RESPONSES, done, end.formatted("null")), whole);
  }

  @Test
  void withoutAnEndThereIsNoResponse() {
    assertThat(
            fold(
                Operation.RESPONSES,
                "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"output\":[]}}"))
        .isNull();
  }

  @Test
  void takesNoMoreThanItMayAndGivesBackWhatItPaidFor() {
    EventFold fold = EventFold.of(Operation.MESSAGES, 400_000, share);
    fold.take(ByteSlice.of(START));
    fold.take(ByteSlice.of(opened(0, "\"type\":\"text\",\"text\":\"\"")));
    String long100k = delta(0, "\"type\":\"text_delta\",\"text\":\"" + "a".repeat(100_000) + '"');

    for (int i = 0; i < 3; i++) {
      assertThat(fold.take(ByteSlice.of(long100k))).isEqualTo(Taken.YES);
    }
    assertThat(memory.takenBytes()).isGreaterThan(290_000);
    assertThat(fold.take(ByteSlice.of(long100k))).isEqualTo(Taken.TOO_LONG);
    fold.release();

    assertThat(memory.takenBytes()).isZero();
  }

  @Test
  void measuresWhatItHoldsOfAMessageAndNotItsEvents() {
    EventFold fold = EventFold.of(Operation.MESSAGES, 100_000, share);
    fold.take(ByteSlice.of(START));
    fold.take(ByteSlice.of(opened(0, "\"type\":\"text\",\"text\":\"\"")));
    ByteSlice small = ByteSlice.of(delta(0, "\"type\":\"text_delta\",\"text\":\"a\""));

    for (int i = 0; i < 10_000; i++) {
      assertThat(fold.take(small)).isEqualTo(Taken.YES);
    }
    fold.release();
  }

  @Test
  void holdsAResponseOnce() {
    String item = "{\"type\":\"message\",\"text\":\"" + "a".repeat(70_000) + "\"}";
    EventFold fold = EventFold.of(Operation.RESPONSES, 100_000, share);
    String done =
        "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":" + item + "}";
    String completed =
        "{\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"output\":[" + item + "]}}";

    assertThat(fold.take(ByteSlice.of(done))).isEqualTo(Taken.YES);
    assertThat(fold.take(ByteSlice.of(completed))).isEqualTo(Taken.YES);

    assertSame(String.valueOf(fold.answer()), "{\"id\":\"r\",\"output\":[" + item + "]}");
    fold.release();
  }

  @Test
  void holdsNothingOnceItIsReleased() {
    EventFold message = EventFold.of(Operation.MESSAGES, 1 << 20, share);
    message.take(ByteSlice.of(START));
    EventFold response = EventFold.of(Operation.RESPONSES, 1 << 20, share);
    response.take(ByteSlice.of("{\"type\":\"response.completed\",\"response\":{\"id\":\"r\"}}"));

    message.release();
    response.release();

    assertThat(message.answer()).isNull();
    assertThat(response.answer()).isNull();
  }

  @Test
  void saysThatThereIsNoMemory() {
    AnswerMemory.Share little = new AnswerMemory(50_000).share(TENANT);
    EventFold fold = EventFold.of(Operation.MESSAGES, 1 << 20, little);
    fold.take(ByteSlice.of(START));
    fold.take(ByteSlice.of(opened(0, "\"type\":\"text\",\"text\":\"\"")));

    Taken taken =
        fold.take(
            ByteSlice.of(
                delta(0, "\"type\":\"text_delta\",\"text\":\"" + "a".repeat(100_000) + '"')));

    assertThat(taken).isEqualTo(Taken.NO_ROOM);
  }

  private static String opened(int index, String block) {
    return "{\"type\":\"content_block_start\",\"index\":"
        + index
        + ",\"content_block\":{"
        + block
        + "}}";
  }

  private static String delta(int index, String delta) {
    return "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":{" + delta + "}}";
  }

  private @Nullable String fold(Operation operation, String... events) {
    EventFold fold = EventFold.of(operation, 1 << 20, share);
    for (String each : events) {
      assertThat(fold.take(ByteSlice.of(each))).isEqualTo(Taken.YES);
    }
    ByteSlice whole = fold.answer();
    return whole == null ? null : whole.toString();
  }

  private static void assertSame(@Nullable String whole, String expected) {
    assertThat(whole).isNotNull();
    assertThat(JsonTree.read(whole)).isEqualTo(JsonTree.read(expected));
  }
}
