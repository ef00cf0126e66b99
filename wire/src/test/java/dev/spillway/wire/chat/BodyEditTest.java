package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.Span;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyEditTest {
  private static final String BODY =
      "{ \"seed\" : 1, \"model\":\"a\" ,\"messages\":[{\"role\":\"user\",\"content\":\"é\\n\"}], \"user\":\"u\" }";

  @Test
  void replacesTheModelAndNothingElse() {
    assertThat(edited(BODY, edit -> edit.model("b\"c")))
        .isEqualTo(BODY.replace("\"a\"", "\"b\\\"c\""));
  }

  @Test
  void isTheBodyItselfWithoutChanges() {
    assertThat(edited(BODY, _ -> {})).isEqualTo(BODY);
  }

  @Test
  void putsNewFieldsFirst() {
    String edited =
        edited(BODY, edit -> edit.put("cache_salt", "s").put("priority", ByteSlice.of("-1")));

    assertThat(edited).isEqualTo("{\"cache_salt\":\"s\",\"priority\":-1," + BODY.substring(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "seed|{ \"model\":\"a\" ,\"messages\":[1], \"user\":\"u\" }",
        "user|{ \"seed\" : 1, \"model\":\"a\" ,\"messages\":[1] }",
        "model|{ \"seed\" : 1, \"messages\":[1], \"user\":\"u\" }",
        "seed,model|{ \"messages\":[1], \"user\":\"u\" }",
        "seed,model,user|{ \"messages\":[1] }",
        "seed,user|{ \"model\":\"a\" ,\"messages\":[1] }",
        "absent|{ \"seed\" : 1, \"model\":\"a\" ,\"messages\":[1], \"user\":\"u\" }",
      })
  void removesFieldsWithTheirCommas(String names, String expected) {
    String messages = "[{\"role\":\"user\",\"content\":\"é\\n\"}]";

    String edited =
        edited(
            BODY,
            edit -> {
              for (String name : names.split(",", -1)) {
                edit.remove(name);
              }
            });

    assertThat(edited).isEqualTo(expected.replace("[1]", messages));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "|\"stream_options\":{\"include_usage\":true},",
        "\"stream_options\":null,|\"stream_options\":{\"include_usage\":true},",
        "\"stream_options\":{ },|\"stream_options\":{\"include_usage\":true },",
        "\"stream_options\":{\"x\":1},|\"stream_options\":{\"include_usage\":true,\"x\":1},",
        "\"stream_options\":{\"include_usage\": false },|\"stream_options\":{\"include_usage\": true },",
        "\"stream_options\":{\"include_usage\":null},|\"stream_options\":{\"include_usage\":true},",
        "\"stream_options\":{\"include_usage\":true},|\"stream_options\":{\"include_usage\":true},",
      })
  void asksForUsageWhateverTheClientSaid(String asked, String sent) {
    String rest = "\"stream\":true,\"model\":\"m\",\"messages\":[{}]}";
    String body = "{" + (asked == null ? "" : asked) + rest;

    assertThat(edited(body, BodyEdit::includeUsage)).isEqualTo("{" + sent + rest);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "[]|[9]",
        "[ ]|[ 9]",
        "[1]|[1,9]",
        "[ [] , {} ]|[ [] , {} ,9]",
      })
  void addsAnElementAtTheEndOfAnArray(String before, String after) {
    String body = "{\"x\":%s ,\"model\":\"m\",\"messages\":[{}]}";

    assertThat(edited(body.formatted(before), edit -> edit.append("x", ByteSlice.of("9"))))
        .isEqualTo(body.formatted(after));
  }

  @Test
  void addsToTheEndOfAStringInsideAField() {
    String user = "\"user\"";
    int at = BODY.indexOf(user) - BODY.indexOf("[{");
    Span string = new Span(at, at + user.length());

    assertThat(edited(BODY, edit -> edit.extend("messages", string, ByteSlice.of("\\n!"))))
        .isEqualTo(BODY.replaceFirst(user, "\"user\\\\n!\""));
  }

  @Test
  void showsFieldsAsTheClientSentThem() {
    edited(
        BODY,
        edit -> {
          assertThat(String.valueOf(edit.original("seed"))).isEqualTo("1");
          assertThat(edit.original("absent")).isNull();
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "|\"stream\":true,\"stream_options\":{\"include_usage\":true},",
        "\"stream\":false,|\"stream_options\":{\"include_usage\":true},\"stream\":true,",
        "\"stream\":null,|\"stream_options\":{\"include_usage\":true},\"stream\":true,",
      })
  void makesAStreamOfARequestForAWholeAnswer(String asked, String sent) {
    String rest = "\"model\":\"m\",\"messages\":[{}]}";

    assertThat(edited("{" + (asked == null ? "" : asked) + rest, BodyEdit::askForStream))
        .isEqualTo("{" + sent + rest);
  }

  private static String edited(String body, Consumer<BodyEdit> changes) {
    byte[] padded = ("##" + body).getBytes(UTF_8);
    ByteSlice slice = new ByteSlice(padded, 2, padded.length - 2);
    RequestScan scan = RequestScan.of(Operation.CHAT_COMPLETIONS, null, slice);
    BodyEdit edit = new BodyEdit(((RequestScan.Accepted) scan).request(), slice);
    changes.accept(edit);
    return new String(edit.build().apply(slice), UTF_8);
  }
}
