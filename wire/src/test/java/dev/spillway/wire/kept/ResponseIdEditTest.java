package dev.spillway.wire.kept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.json.ByteSlice;
import java.util.ArrayList;
import java.util.List;
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

  @Test
  void namesNoMoreThanAResponseHasAndShowsNoneOfTheRest() {
    List<String> asked = new ArrayList<>();
    ResponseIdEdit counted =
        new ResponseIdEdit(id -> {
          asked.add(id);
          return "ours";
        });
    ByteSlice bytes = ByteSlice.of("{\"id\":\"a\"" + ",\"id\":\"theirs\"".repeat(1_000) + "}");

    for (int i = 1; i <= 2; i++) {
      String edited = ByteSlice.of(counted.body(bytes).apply(bytes)).toString();

      assertThat(asked).hasSizeLessThan(i * 20).contains("a");
      assertThat(edited).startsWith("{\"id\":\"ours\"").doesNotContain("theirs");
    }
  }

  private String body(String json) {
    ByteSlice bytes = ByteSlice.of(json);
    return ByteSlice.of(edit.body(bytes).apply(bytes)).toString();
  }
}
