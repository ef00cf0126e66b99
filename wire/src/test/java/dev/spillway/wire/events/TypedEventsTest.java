package dev.spillway.wire.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedEventsTest {
  private static final String FAILED =
      "{\"type\":\"response.failed\",\"response\":{\"id\":\"resp_1\",\"error\":{\"code\":\"CODE\"}}}";

  private final TypedEvents responses = new TypedEvents(EventTypes.RESPONSES);

  @Test
  void countsTheTextOfDeltasHoweverTheyCarryIt() {
    read(responses, "{\"type\":\"response.output_text.delta\",\"delta\":\"H\\u00e9y\"}");
    read(responses, "{\"delta\":{\"type\":\"text_delta\",\"text\":\"four\"},\"type\":\"x\"}");

    assertThat(responses.contentBytes()).isEqualTo(8);
  }

  @Test
  void isWholeWithItsLastEventAndNotBefore() {
    assertThat(read(responses, "{\"type\":\"response.created\",\"response\":{}}"))
        .isEqualTo(EventMeaning.PRELUDE);
    assertThat(read(responses, "{\"type\":\"response.of_next_year\"}"))
        .isEqualTo(EventMeaning.CONTENT);
    assertThat(responses.isWhole()).isFalse();

    assertThat(read(responses, "{\"type\":\"response.incomplete\",\"response\":{}}"))
        .isEqualTo(EventMeaning.LAST);
    assertThat(responses.isWhole()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"response.output_item.added", "response.content_part.added"})
  void holdsAPartThatIsOpenedForNoContent(String type) {
    assertThat(read(responses, "{\"type\":\"" + type + "\",\"item\":{}}"))
        .isEqualTo(EventMeaning.OPENING);
    assertThat(read(responses, FAILED.replace("CODE", "server_error")))
        .isEqualTo(EventMeaning.ERROR);
  }

  @Test
  void saysWhichEventsNameTheAnswer() {
    read(responses, "{\"response\":{\"id\":\"resp_1\"},\"type\":\"response.created\"}");
    assertThat(responses.carriesId()).isTrue();

    read(responses, "{\"type\":\"response.output_item.added\",\"item\":{\"id\":\"msg_1\"}}");
    assertThat(responses.carriesId()).isFalse();
  }

  @Test
  void takesAFailureForOneOnlyWhileAnotherMayAnswer() {
    assertThat(read(responses, FAILED.replace("CODE", "server_error")))
        .isEqualTo(EventMeaning.ERROR);
    assertThat(read(responses, FAILED.replace("CODE", "invalid_prompt")))
        .isEqualTo(EventMeaning.LAST);

    TypedEvents begun = new TypedEvents(EventTypes.RESPONSES);
    read(begun, "{\"type\":\"response.output_text.delta\",\"delta\":\"a\"}");
    assertThat(read(begun, FAILED.replace("CODE", "server_error"))).isEqualTo(EventMeaning.LAST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"message\":\"m\",\"type\":\"RateLimitError\",\"code\":429}",
        "{\"message\":\"m\",\"code\":\"429\"}",
        "{\"error\":\"m\"}",
        "{\"detail\":\"m\"}"
      })
  void takesAFlatErrorForOne(String json) {
    assertThat(read(responses, json)).isEqualTo(EventMeaning.ERROR);
  }

  @Test
  void addsUpTheCountsOfTwoEvents() {
    TypedEvents messages = new TypedEvents(EventTypes.MESSAGES);

    read(
        messages,
        "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}");
    read(messages, "{\"type\":\"message_delta\",\"usage\":{\"output_tokens\":7}}");

    assertThat(messages.usage()).isEqualTo(new Usage(9, 0, 7, Usage.Source.PROVIDER));
  }

  @Test
  void letsMoreComeAfterAnImageThatIsWhole() {
    TypedEvents media = new TypedEvents(EventTypes.MEDIA);

    assertThat(read(media, "{\"type\":\"image_generation.completed\"}"))
        .isEqualTo(EventMeaning.CONTENT);
    assertThat(media.isWhole()).isTrue();
  }

  @Test
  void hasAllOfSeveralImagesWithTheLastOfThem() {
    TypedEvents two = TypedEvents.ofSeveral(EventTypes.MEDIA, 2);

    read(two, "{\"type\":\"image_generation.completed\"}");
    assertThat(two.isWhole()).isTrue();
    assertThat(two.hasAll()).isFalse();

    read(two, "{\"type\":\"image_generation.completed\"}");
    assertThat(two.hasAll()).isTrue();
  }

  /** Nobody else has it: nothing of it is held back. */
  @Test
  void beginsAtOnceWhereTheAnswerIsKept() {
    TypedEvents again = TypedEvents.again(EventTypes.RESPONSES);

    assertThat(read(again, "{\"type\":\"response.queued\",\"response\":{}}"))
        .isEqualTo(EventMeaning.CONTENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"error\",\"code\":\"x\"}",
        "{\"error\":{\"message\":\"x\"}}",
        "{\"type\":\"response.created\",\"error\":{}}"
      })
  void knowsAnErrorInEveryForm(String event) {
    assertThat(read(responses, event)).isEqualTo(EventMeaning.ERROR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{", "{}x", "null", "{\"type\":\"a}", "{\"response\":{]}"})
  void takesNothingElseForAnEvent(String event) {
    assertThat(read(responses, event)).isEqualTo(EventMeaning.MALFORMED);
  }

  private static EventMeaning read(TypedEvents events, String event) {
    byte[] data = event.getBytes(UTF_8);
    return events.read(data, 0, data.length);
  }
}
