package dev.spillway.wire.resume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.chat.ChunkFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerHeadTest {
  private static final Chunks CHUNKS = new Chunks("unused", true);
  private static final String CHOICES = "\"choices\":[{\"delta\":{\"content\":\"x\"}}]";

  private final AnswerHead head = new AnswerHead(ChunkFacts.Form.CHAT, "ours", "asked");

  @Test
  void saysWhatTheFirstChunkSays() {
    see("\"id\":\"c1\",\"created\":7,\"model\":\"gpt\"," + CHOICES);

    assertThat(head.finishEvent("stop").toString())
        .startsWith("data: {\"id\":\"c1\",")
        .contains("\"created\":7,\"model\":\"gpt\",");
  }

  /** JSON may stand on several lines of data; those of our own events are one each. */
  @ParameterizedTest
  @ValueSource(strings = {"id", "created", "model"})
  void writesNoEndOfALineIntoItsEvents(String name) {
    see("\"id\":\"c1\",\"" + name + "\":{\ndata: }," + CHOICES);

    assertThat(head.finishEvent("stop").toString().lines()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "created", "model"})
  void repeatsNoLongValue(String name) {
    see("\"" + name + "\":\"" + "v".repeat(10_000) + "\"," + CHOICES);

    assertThat(head.finishEvent("stop").length()).isLessThan(1_000);
    assertThat(head.id().length()).isLessThan(1_000);
    assertThat(head.created()).isNull();
    assertThat(head.model()).isNull();
  }

  private void see(String members) {
    CHUNKS.read("data: {" + members + "}\n\n", event -> head.see(event, event.chunk()));
  }
}
