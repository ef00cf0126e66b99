package dev.spillway.wire.kept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.json.ByteSlice;
import org.junit.jupiter.api.Test;

class ResponseIdEditTest {
  private final ResponseIdEdit edit = new ResponseIdEdit(id -> "ours\"" + id);

  @Test
  void changesTheResponsesOwnIdAndTheOneItGoesOnFromAndNoOtherByte() {
    String body =
        " {\"output\":[{\"id\":\"msg_1\"}] , \"id\" : \"a\",\"previous_response_id\":\"b\","
            + "\"x\":{\"id\":\"c\"},\"n\":1.0}\n";

    assertThat(body(body))
        .isEqualTo(
            " {\"output\":[{\"id\":\"msg_1\"}] , \"id\" : \"ours\\\"a\","
                + "\"previous_response_id\":\"ours\\\"b\",\"x\":{\"id\":\"c\"},\"n\":1.0}\n");
  }

  @Test
  void changesThemInsideTheResponseOfAnEventOnly() {
    String data = "{\"id\":\"a\",\"response\":{\"id\":\"b\"},\"item\":{\"id\":\"c\"}}";

    ByteSlice bytes = ByteSlice.of(data);

    assertThat(ByteSlice.of(edit.event(bytes).apply(bytes)).toString())
        .isEqualTo("{\"id\":\"a\",\"response\":{\"id\":\"ours\\\"b\"},\"item\":{\"id\":\"c\"}}");
  }

  @Test
  void leavesAnIdThatIsNoTextAlone() {
    String body = "{\"id\":7,\"previous_response_id\":null}";

    assertThat(body(body)).isEqualTo(body);
  }

  private String body(String json) {
    ByteSlice bytes = ByteSlice.of(json);
    return ByteSlice.of(edit.body(bytes).apply(bytes)).toString();
  }
}
