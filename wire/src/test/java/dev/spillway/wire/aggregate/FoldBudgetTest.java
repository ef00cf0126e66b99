package dev.spillway.wire.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.TenantId;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.RequestScan;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a provider sends is counted however small it comes. */
class FoldBudgetTest {
  private static final TenantId TENANT = new TenantId("team-a");
  private static final int N = 128;
  private static final int CHOICES = 64 * N;
  private static final int LIMIT = 1 << 20;

  /** The least that an entry of a map takes of a heap. */
  private static final int LEAST_ENTRY_BYTES = 100;

  private final AnswerMemory memory = new AnswerMemory(1 << 30);

  /** Either of the two. */
  private interface Fold {
    Taken take(ByteSlice data);
  }

  /** Tiny things that a provider may send any number of, each a new one. */
  enum Tiny {
    CHUNK_MEMBERS(Operation.CHAT_COMPLETIONS, "\"k%d\":1"),
    DELTA_LISTS(Operation.CHAT_COMPLETIONS, delta("\"k%d\":[]")),
    DELTA_MEMBERS(Operation.CHAT_COMPLETIONS, delta("\"k%d\":1")),
    CHOICE_LISTS(Operation.CHAT_COMPLETIONS, choice("0", "\"k%d\":[]")),
    LOGPROBS(Operation.CHAT_COMPLETIONS, choice("0", "\"logprobs\":{\"k%d\":[]}")),
    FILTERS(Operation.CHAT_COMPLETIONS, choice("0", "\"content_filter_results\":{\"k%d\":1}")),
    SOUND(Operation.CHAT_COMPLETIONS, delta("\"audio\":{\"k%d\":1}")),
    CALLED(Operation.CHAT_COMPLETIONS, delta("\"function_call\":{\"k%d\":1}")),
    CALLS(
        Operation.CHAT_COMPLETIONS,
        choice("%2$d", "\"delta\":{\"tool_calls\":[{\"index\":%3$d}]}")),
    CHOICES(Operation.COMPLETIONS, choice("%4$d", "\"text\":\"\"")),
    ITEMS(
        Operation.RESPONSES,
        "\"type\":\"response.output_item.done\",\"output_index\":%d,\"item\":{}"),
    RESPONSE_MEMBERS(
        Operation.RESPONSES, "\"type\":\"response.completed\",\"response\":{\"k%d\":1}"),
    BLOCKS(
        Operation.MESSAGES, "\"type\":\"content_block_start\",\"content_block\":{},\"index\":1%d"),
    MESSAGE_MEMBERS(Operation.MESSAGES, "\"type\":\"message_delta\",\"k%d\":1"),
    USAGE(Operation.MESSAGES, "\"usage\":{\"k%d\":1}"),
    BLOCK_TEXTS(Operation.MESSAGES, blockDelta("\"k%d\":\"\"")),
    BLOCK_MEMBERS(Operation.MESSAGES, blockDelta("\"k%d\":1"));

    private final Operation operation;

    /** With a number; the second and third are that of a choice and a call, the fourth wraps. */
    private final String members;

    Tiny(Operation operation, String members) {
      this.operation = operation;
      this.members = members;
    }

    private ByteSlice event(int i) {
      String told = members.formatted(i, i / 1_024, i % 1_024, i % FoldBudgetTest.CHOICES);
      return ByteSlice.of("{" + told + "}");
    }
  }

  @ParameterizedTest
  @EnumSource(Tiny.class)
  void paysForEachTinyThing(Tiny tiny) {
    Fold fold = fold(tiny.operation, 1 << 28);
    int things = 5_000;

    for (int i = 0; i < things; i++) {
      assertThat(fold.take(tiny.event(i))).isEqualTo(Taken.YES);
    }

    assertThat(memory.takenBytes()).isGreaterThan((long) LEAST_ENTRY_BYTES * things);
  }

  @ParameterizedTest
  @EnumSource(Tiny.class)
  void takesNoMoreTinyThingsThanItMay(Tiny tiny) {
    Fold fold = fold(tiny.operation, LIMIT);
    int most = 2 * LIMIT / LEAST_ENTRY_BYTES + 2_000;

    int taken = 0;
    while (taken < most && fold.take(tiny.event(taken)) == Taken.YES) {
      taken++;
    }

    assertThat(taken).isLessThan(most);
  }

  @Test
  void paysForWhatOneEventHoldsBeforeAllOfItIsRead() {
    String texts = many(i -> "\"" + Integer.toString(i, 36) + "\":\"x\"");
    Fold fold = fold(Operation.MESSAGES, 1 << 28);
    AnswerMemory little = new AnswerMemory(1 << 20);
    Fold poor = fold(Operation.MESSAGES, 1 << 28, little);
    ByteSlice event = ByteSlice.of("{" + blockDelta(texts) + "}");

    assertThat(fold.take(event)).isEqualTo(Taken.YES);
    assertThat(poor.take(event)).isEqualTo(Taken.NO_ROOM);

    assertThat(memory.takenBytes()).isGreaterThan(LEAST_ENTRY_BYTES * 50_000L);
    assertThat(little.takenBytes()).isGreaterThan((1 << 20) - (16 << 10));
  }

  @Test
  void holdsNoMoreOfOneEventThanItMay() {
    Fold fold = fold(Operation.CHAT_COMPLETIONS, LIMIT);
    String lists = many(i -> "\"" + i + "\":[1]");

    assertThat(fold.take(ByteSlice.of("{" + delta(lists) + "}"))).isEqualTo(Taken.TOO_LONG);

    assertThat(memory.takenBytes()).isLessThan(2 * (2 * LIMIT + (128 << 10)));
  }

  @Test
  void countsTheNamesOfMembers() {
    Fold fold = fold(Operation.CHAT_COMPLETIONS, 1 << 28);

    fold.take(ByteSlice.of("{\"" + "n".repeat(100_000) + "\":1}"));

    assertThat(memory.takenBytes()).isGreaterThan(2 * 100_000);
  }

  @Test
  void countsTheReasonOfAChoice() {
    Fold fold = fold(Operation.CHAT_COMPLETIONS, 1 << 28);
    String reason = "\"finish_reason\":\"" + "r".repeat(100_000) + "\"";

    fold.take(ByteSlice.of("{" + choice("0", reason) + "}"));

    assertThat(memory.takenBytes()).isGreaterThan(2 * 100_000 - 8_192);
  }

  @Test
  void countsTheUsageOnce() {
    Fold fold = fold(Operation.CHAT_COMPLETIONS, 1 << 28);
    ByteSlice usage = ByteSlice.of("{\"usage\":{\"x\":\"" + "u".repeat(100_000) + "\"}}");

    for (int i = 0; i < 3; i++) {
      fold.take(usage);
    }

    assertThat(memory.takenBytes()).isBetween(2 * 100_000L - 8_192, 2 * 100_000L + 8_192);
  }

  private static String many(IntFunction<String> member) {
    return IntStream.range(0, 50_000).mapToObj(member).collect(Collectors.joining(","));
  }

  private static String choice(String index, String members) {
    return "\"choices\":[{\"index\":" + index + "," + members + "}]";
  }

  private static String delta(String members) {
    return choice("0", "\"delta\":{" + members + "}");
  }

  private static String blockDelta(String members) {
    return "\"type\":\"content_block_delta\",\"index\":0,\"delta\":{" + members + "}";
  }

  private Fold fold(Operation operation, long maxBytes) {
    return fold(operation, maxBytes, memory);
  }

  private static Fold fold(Operation operation, long maxBytes, AnswerMemory memory) {
    if (EventFold.canFold(operation)) {
      EventFold fold = EventFold.of(operation, maxBytes, memory.share(TENANT));
      fold.take(
          ByteSlice.of("{\"type\":\"content_block_start\",\"content_block\":{},\"index\":0}"));
      return fold::take;
    }
    AnswerFold fold = new AnswerFold(request(operation), "ours", maxBytes, memory.share(TENANT));
    return chunk -> fold.takeEvents(ByteSlice.of("data: " + chunk + "\n\n"));
  }

  private static ScannedRequest request(Operation operation) {
    String prompts = "\"prompt\":[\"x\"" + ",\"x\"".repeat(CHOICES / N - 1) + "]";
    String input = operation == Operation.COMPLETIONS ? prompts : "\"messages\":[{}]";
    String body = "{\"model\":\"asked\",\"n\":" + N + "," + input + "}";
    return ((RequestScan.Accepted) RequestScan.of(operation, null, ByteSlice.of(body))).request();
  }
}
