package dev.spillway.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.multipart.Boundary;
import dev.spillway.wire.multipart.MalformedForm;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FormScanTest {
  private static final String FILE = part("file\"; filename=\"a.wav", "x".repeat(5_000));

  @Test
  void readsTheModelBeforeAndAfterTheFile() {
    assertThat(accepted(part("model", "m") + FILE).model()).isEqualTo("m");
    assertThat(accepted(FILE + part("model", "m")).model()).isEqualTo("m");
  }

  @Test
  void takesThePathsModelForTheForms() {
    RequestScan scan = scan(Operation.TRANSCRIPTIONS, "of-path", FILE + part("model", "m"));

    assertThat(((RequestScan.Accepted) scan).request().model()).isEqualTo("of-path");
  }

  @Test
  void readsWhatTheAnswerWillBe() {
    ScannedRequest streamed = accepted(FILE + part("model", "m") + part("stream", "true"));
    ScannedRequest text = accepted(FILE + part("model", "m") + part("response_format", "srt"));

    assertThat(streamed.streams()).isTrue();
    assertThat(text.has(Feature.TEXT_OUTPUT)).isTrue();
    assertThat(text.streams()).isFalse();
  }

  @Test
  void estimatesByTheConstants() {
    assertThat(accepted(FILE + part("model", "m")).inputTokens()).isEqualTo(5);

    RequestScan edit =
        scan(
            Operation.IMAGE_EDITS,
            null,
            part("image[]\"; filename=\"a", "")
                + part("image[]\"; filename=\"b", "")
                + part("model", "m")
                + part("n", "2"));
    ScannedRequest request = ((RequestScan.Accepted) edit).request();
    assertThat(request.inputTokens()).isEqualTo(2 * MediaEstimates.SEEN_IMAGE_TOKENS);
    assertThat(request.maxOutputTokens()).isEqualTo(2 * MediaEstimates.MADE_IMAGE_TOKENS);
  }

  @Test
  void refusesByTheFieldsName() {
    assertRefused(FILE, "'model' is missing");
    assertRefused(part("model", "m"), "'file' is missing");
    assertRefused(FILE + part("model", "m") + part("model", "n"), "'model' is there twice");
    assertRefused(FILE + part("model", "m") + part("model[]", "n"), "'model' is there twice");
    assertRefused(FILE + part("model\"; filename=\"x", "m"), "'model' is a file");
    assertRefused(FILE + part("model", "x".repeat(513)), "'model' is too long");
    assertRefused(FILE + part("model", "m") + part("stream", "1"), "'stream' is neither");
    assertRefused(FILE + part("model", "m") + part("n", "11"), "'n' is not a number");
    assertRefused(FILE + FILE + part("model", "m"), "'file' is there twice");
    assertRefused("x", "not one well-formed multipart/form-data");
  }

  private static ScannedRequest accepted(String parts) {
    RequestScan scan = scan(Operation.TRANSCRIPTIONS, null, parts);
    assertThat(scan).isInstanceOf(RequestScan.Accepted.class);
    return ((RequestScan.Accepted) scan).request();
  }

  private static void assertRefused(String parts, String what) {
    RequestScan scan = scan(Operation.TRANSCRIPTIONS, null, parts);
    assertThat(scan)
        .isInstanceOfSatisfying(
            RequestScan.Refused.class,
            refused -> assertThat(refused.refusal().error().message()).contains(what));
  }

  private static RequestScan scan(Operation operation, @Nullable String model, String parts) {
    try {
      Boundary boundary = Boundary.of("multipart/form-data; boundary=b");
      return RequestScan.ofForm(operation, model, boundary, ByteSlice.of(parts + "--b--\r\n"));
    } catch (MalformedForm e) {
      throw new AssertionError(e);
    }
  }

  private static String part(String name, String value) {
    return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  }
}
