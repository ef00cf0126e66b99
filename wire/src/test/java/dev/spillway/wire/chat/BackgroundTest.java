package dev.spillway.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.json.ByteSlice;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that are made whoever waits for them. */
class BackgroundTest {
  @Test
  void isAskedForByResponsesOnly() {
    String image = "{\"model\":\"m\",\"background\":\"transparent\",\"prompt\":\"A cat\"}";

    assertThat(features(Operation.RESPONSES, response("true"))).containsExactly(Feature.BACKGROUND);
    assertThat(features(Operation.RESPONSES, response("false"))).isEmpty();
    assertThat(features(Operation.RESPONSES, response("null"))).isEmpty();
    assertThat(features(Operation.IMAGE_GENERATIONS, image)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"queued", "in_progress"})
  void isOnlyBegunWhenItIsAnswered(String status) {
    String body =
        "{\"id\":\"r\",\"status\":\"%s\",\"background\":true,\"output\":[],\"usage\":null}"
            .formatted(status);

    assertThat(answer(Operation.RESPONSES, body)).isEqualTo(new AnswerScan.Begun());
    assertThat(answer(Operation.RESPONSE, body)).isEqualTo(new AnswerScan.Begun());
    assertThat(answer(Operation.RESPONSES, body.replace("true", "false")))
        .isInstanceOf(AnswerScan.NotAnAnswer.class);
  }

  private static String response(String background) {
    return "{\"model\":\"m\",\"background\":" + background + ",\"input\":\"Hi\"}";
  }

  private static Set<Feature> features(Operation operation, String body) {
    RequestScan scan = RequestScan.of(operation, null, ByteSlice.of(body));
    assertThat(scan).isInstanceOf(RequestScan.Accepted.class);
    return ((RequestScan.Accepted) scan).request().features();
  }

  private static AnswerScan answer(Operation operation, String body) {
    return AnswerScan.of(operation, ByteSlice.of(body));
  }
}
