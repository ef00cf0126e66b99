package dev.spillway.wire.multipart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.Span;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {
  private static final String MODEL = part("model", "whisper");
  private static final String FILE =
      String.join(
          "\r\n",
          "--b",
          "Content-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"",
          "Content-Type: audio/mpeg",
          "",
          "\u0000\r\n--\r\n-b\r\n--c",
          "");
  private static final String END = "--b--\r\n";

  @Test
  void findsPartsWhereverTheyStand() throws Exception {
    String body = FILE + MODEL + part("x[]", "") + END;

    Form form = form(body);

    assertThat(form.parts()).map(FormPart::field).containsExactly("file", "model", "x");
    assertThat(form.parts())
        .map(FormPart::kind)
        .containsExactly(FormPart.Kind.FILE, FormPart.Kind.FIELD, FormPart.Kind.FIELD);
    assertThat(text(body, form.parts().get(0).value())).isEqualTo("\u0000\r\n--\r\n-b\r\n--c");
    assertThat(text(body, form.parts().get(1).value())).isEqualTo("whisper");
    assertThat(text(body, form.parts().get(2).value())).isEmpty();
    assertThat(text(body, form.parts().get(1).whole())).isEqualTo(MODEL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=b",
        "Multipart/Form-Data;charset=utf-8; Boundary=\"b\""
      })
  void readsTheBoundaryHoweverItIsWritten(String contentType) throws Exception {
    Form form = Form.read(Boundary.of(contentType), ByteSlice.of(MODEL + END));

    assertThat(form.parts()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=b; boundary=c",
        "multipart/form-data; boundary=b\u0000",
        "multipart/form-data; boundary=a%b",
        "multipart/mixed; boundary=b",
        "application/json"
      })
  void refusesABoundaryThatIsNone(String contentType) {
    assertThatThrownBy(() -> Boundary.of(contentType)).isInstanceOf(MalformedForm.class);
  }

  @Test
  void takesABoundaryOf70CharactersAndNoLonger() throws Exception {
    String most = "b".repeat(70);

    assertThat(Boundary.of("multipart/form-data; boundary=" + most)).isNotNull();
    assertThatThrownBy(() -> Boundary.of("multipart/form-data; boundary=b" + most))
        .isInstanceOf(MalformedForm.class);
  }

  @Test
  void refusesWhatTwoReadersCouldUnderstandDifferently() {
    assertMalformed("", "no boundary at its start");
    assertMalformed("preamble\r\n" + MODEL + END, "no boundary at its start");
    assertMalformed(MODEL, "no closing boundary");
    assertMalformed(MODEL + "--b", "no closing");
    assertMalformed(MODEL + "--b-", "goes on");
    assertMalformed(END, "no part");
    assertMalformed(MODEL + END + "more", "something after");
    assertMalformed(MODEL + "--bb\r\n" + END, "goes on");
    assertMalformed("--b\r\n\r\nvalue\r\n" + END, "without a name");
    assertMalformed("--b\r\n" + END, "do not end");
    assertMalformed(with(named("a")) + END, "do not end");
    assertMalformed(with(named("a")) + "\r\n" + END, "empty line");
    assertMalformed(headed("Content-Disposition: form-data"), "without a name");
    assertMalformed(headed("Content-Disposition: attachment; name=\"a\""), "not form-data");
    assertMalformed(headed("Content-Disposition: form-data; name=\"a"), "quotes");
    assertMalformed(headed("Content-Disposition: form-data; name=\"a\\\"b\""), "quotes");
    assertMalformed(headed("Content-Disposition: form-data; name=a; name=b"), "two names");
    assertMalformed(headed("Content-Disposition: form-data; name*=utf-8''a"), "encoded");
    assertMalformed(headed("Content-Disposition: form-data; name=\"a\" x"), "is none");
    assertMalformed(headed(" Content-Disposition: form-data; name=\"a\""), "is none");
    assertMalformed(headed(named("a") + "\r\n" + named("b")), "two content-dispositions");
    assertMalformed(headed(named("a") + "\r\nContent-Type: multipart/mixed; boundary=c"), "inside");
    assertMalformed(headed(named("a") + "\r\nContent-Transfer-Encoding: base64"), "encoding");
    assertMalformed(headed(named("a") + "\r\nX: a\nb"), "line end");
    assertMalformed(headed(named("a") + "\r\nX: " + "x".repeat(5_000)), "bytes of headers");
    assertMalformed(headed(named("a") + "\r\nX: 1".repeat(20)), "headers");
    assertMalformed(part("a", "").repeat(129) + END, "more than 128 parts");
  }

  @Test
  void changesTheModelAndNoOtherByte() throws Exception {
    assertThat(edited(FILE + MODEL + END)).isEqualTo(FILE + part("model", "up/stream") + END);
    assertThat(edited(MODEL + FILE + END)).isEqualTo(part("model", "up/stream") + FILE + END);
  }

  @Test
  void namesTheModelWhereTheFormDoesNot() throws Exception {
    assertThat(edited(FILE + END)).isEqualTo(part("model", "up/stream") + FILE + END);
  }

  @Test
  void takesOutWhatNoClientSaysToASharedEngine() throws Exception {
    String body = part("priority", "-9") + MODEL + part("cache_salt[]", "other") + END;

    assertThat(edited(body)).isEqualTo(part("model", "up/stream") + END);
    assertThat(edited(MODEL + part("vllm_xargs", "{}") + part("ec_transfer_params", "{}") + END))
        .isEqualTo(part("model", "up/stream") + END);
  }

  /** Cut anywhere, or with any byte changed, a form is read or refused, and never anything else. */
  @RepeatedTest(200)
  void survivesEveryChange(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    byte[] bytes = (MODEL + FILE + END).getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < 3; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) "\r\n-b\";= \u0000".charAt(random.nextInt(9));
    }
    ByteSlice cut = new ByteSlice(bytes, 0, random.nextInt(bytes.length + 1));

    Throwable thrown =
        catchThrowable(() -> Form.read(Boundary.of("multipart/form-data; boundary=b"), cut));

    if (thrown != null) {
      assertThat(thrown).isInstanceOf(MalformedForm.class);
    }
  }

  private static String edited(String body) throws MalformedForm {
    ByteSlice bytes = ByteSlice.of(body);
    return ByteSlice.of(FormEdit.of(form(body), "up/stream").apply(bytes)).toString();
  }

  private static void assertMalformed(String body, String what) {
    assertThatThrownBy(() -> form(body))
        .as(body)
        .isInstanceOfSatisfying(
            MalformedForm.class, malformed -> assertThat(malformed.what()).contains(what));
  }

  private static Form form(String body) throws MalformedForm {
    return Form.read(Boundary.of("multipart/form-data; boundary=b"), ByteSlice.of(body));
  }

  private static String text(String body, Span span) {
    return body.substring(span.from(), span.to());
  }

  private static String part(String name, String value) {
    return with(named(name)) + "\r\n" + value + "\r\n";
  }

  private static String headed(String headers) {
    return with(headers) + "\r\nvalue\r\n" + END;
  }

  private static String with(String headers) {
    return "--b\r\n" + headers + "\r\n";
  }

  private static String named(String name) {
    return "Content-Disposition: form-data; name=\"" + name + "\"";
  }
}
