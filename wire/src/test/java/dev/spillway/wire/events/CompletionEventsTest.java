package dev.spillway.wire.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.RequestScan;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import org.junit.jupiter.api.Test;

class CompletionEventsTest {
  private static final String TEXT = "{\"choices\":[{\"index\":0,\"text\":\"Hällo\"}]}";
  private static final String END =
      "{\"choices\":[{\"index\":0,\"text\":\"\",\"finish_reason\":\"stop\"}]}";
  private static final String USAGE =
      "{\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":3}}";

  @Test
  void isWholeWhenEveryPromptHasAllItsChoices() {
    EventReading reading = reading("\"n\":2,\"prompt\":[\"a\",\"b\"]");

    for (int i = 0; i < 4; i++) {
      assertThat(reading.isWhole()).isFalse();
      assertThat(read(reading, END)).isEqualTo(EventMeaning.CONTENT);
    }

    assertThat(reading.isWhole()).isTrue();
  }

  @Test
  void takesAnArrayOfTokensForOnePrompt() {
    EventReading reading = reading("\"prompt\":[1,2,3]");

    read(reading, END);

    assertThat(reading.isWhole()).isTrue();
  }

  @Test
  void countsTextAndKeepsTheCountFromWhoDidNotAsk() {
    EventReading reading = reading("\"prompt\":\"a\"");

    read(reading, TEXT);

    assertThat(reading.contentBytes()).isEqualTo(6);
    assertThat(read(reading, USAGE)).isEqualTo(EventMeaning.WITHHELD);
    assertThat(reading.usage()).isEqualTo(new Usage(4, 0, 3, Usage.Source.PROVIDER));
  }

  @Test
  void passesTheCountToWhoAsked() {
    String asks = "\"prompt\":\"a\",\"stream_options\":{\"include_usage\":true}";

    assertThat(read(reading(asks), USAGE)).isEqualTo(EventMeaning.PRELUDE);
  }

  @Test
  void findsErrorsAndWhatIsNotJson() {
    EventReading reading = reading("\"prompt\":\"a\"");

    assertThat(read(reading, "{\"error\":{\"message\":\"m\"}}")).isEqualTo(EventMeaning.ERROR);
    assertThat(read(reading, "{\"choices\":[")).isEqualTo(EventMeaning.MALFORMED);
  }

  static EventMeaning read(EventReading reading, String data) {
    byte[] bytes = data.getBytes(UTF_8);
    return reading.read(bytes, 0, bytes.length);
  }

  private static EventReading reading(String fields) {
    ByteSlice body = ByteSlice.of("{\"model\":\"m\",\"stream\":true," + fields + "}");
    return switch (RequestScan.of(Operation.COMPLETIONS, null, body)) {
      case RequestScan.Accepted(ScannedRequest request) -> EventReading.of(request);
      case RequestScan.Refused(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }
}
