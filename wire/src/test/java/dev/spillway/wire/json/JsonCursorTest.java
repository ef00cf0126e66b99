package dev.spillway.wire.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class JsonCursorTest {
  private final JsonCursor cursor = new JsonCursor();

  @Test
  void readsAnObjectMemberByMember() throws MalformedJson {
    cursor.reset(ByteSlice.of(" {\"a\" : \"x\\ny\", \"b\":[1, -22],\"c\":{}} "));
    List<String> seen = new ArrayList<>();

    cursor.beginObject();
    while (cursor.nextMember()) {
      seen.add(cursor.name());
      switch (cursor.kind()) {
        case STRING -> seen.add(cursor.string());
        case ARRAY -> {
          cursor.beginArray();
          while (cursor.nextElement()) {
            seen.add(Long.toString(cursor.integerOr(0)));
          }
        }
        default -> cursor.skip();
      }
    }
    cursor.end();

    assertThat(seen).containsExactly("a", "x\ny", "b", "1", "-22", "c");
  }

  @Test
  void knowsANameThatIsWrittenWithEscapes() throws MalformedJson {
    cursor.reset(ByteSlice.of("{\"mod\\u0065l\":1}"));

    cursor.beginObject();
    assertThat(cursor.nextMember()).isTrue();

    assertThat(cursor.nameIs("model".getBytes(UTF_8))).isTrue();
    assertThat(cursor.name()).isEqualTo("model");
  }

  @Test
  void tellsPositionsFromTheStartOfTheText() throws MalformedJson {
    byte[] bytes = "xx{\"a\": 17 }".getBytes(UTF_8);
    cursor.reset(bytes, 2, bytes.length - 2);

    cursor.beginObject();
    assertThat(cursor.nextMember()).isTrue();

    assertThat(cursor.namePosition()).isEqualTo(1);
    assertThat(cursor.position()).isEqualTo(6);
    assertThat(cursor.integerOr(0)).isEqualTo(17);
    assertThat(cursor.endOfValue()).isEqualTo(8);
  }

  @Test
  void countsTheBytesOfTextUnescaped() throws MalformedJson {
    for (String escaped :
        List.of("", "plain text", "a\\n\\\"b", "\\u00e9\\u4e2d", "\\ud83d\\ude00")) {
      cursor.reset(ByteSlice.of("\"" + escaped + "\""));

      String text = cursor.string();

      assertThat(cursor.textBytes()).as(escaped).isEqualTo(text.getBytes(UTF_8).length);
    }
  }

  @Test
  void refusesWhatIsNotUtf8() {
    int[][] broken = {
      {0x80},
      {0xC0, 0x80},
      {0xC3},
      {0xE0, 0x80, 0x80},
      {0xED, 0xA0, 0x80},
      {0xE2, 0x82},
      {0xF4, 0x90, 0x80, 0x80},
      {0xF0, 0x80, 0x80, 0x80},
      {0xFF},
      {0xF5, 0x80, 0x80, 0x80}
    };
    for (int[] sequence : broken) {
      byte[] text = new byte[sequence.length + 2];
      text[0] = '"';
      text[text.length - 1] = '"';
      for (int i = 0; i < sequence.length; i++) {
        text[i + 1] = (byte) sequence[i];
      }

      assertThatThrownBy(() -> cursor.reset(ByteSlice.of(text)).skip())
          .isInstanceOf(MalformedJson.class)
          .hasMessage("invalid UTF-8 at byte 1");
    }
  }

  /** Text is looked at in words of several bytes: none may hide what stands beside it. */
  @Test
  void seesEveryByteAtEveryPlaceOfALongText() {
    for (int place = 1; place <= 72; place++) {
      for (int any = 0; any < 256; any++) {
        byte[] text = ('"' + "x".repeat(72) + '"').getBytes(UTF_8);
        text[place] = (byte) any;

        assertThat(accepts(text))
            .as("byte %d at %d", any, place)
            .isEqualTo(JsonJudge.accepts(text));
      }
    }
  }

  @Test
  void refusesAbsurdDepthAndNumbers() {
    assertThat(accepts("[".repeat(64) + "]".repeat(64))).isTrue();
    assertThat(accepts("[".repeat(65) + "]".repeat(65))).isFalse();
    assertThat(accepts("{\"a\":".repeat(1_000_000))).isFalse();
    assertThat(accepts("1".repeat(64))).isTrue();
    assertThat(accepts("1".repeat(65))).isFalse();
  }

  @Test
  void takesNoNumberForAnIntegerThatIsNone() throws MalformedJson {
    for (String number : List.of("1.0", "1e3", "1234567890123456789")) {
      assertThat(cursor.reset(ByteSlice.of(number)).integerOr(-7)).as(number).isEqualTo(-7);
    }
    assertThat(cursor.reset(ByteSlice.of("-123456789012345678")).integerOr(0))
        .isEqualTo(-123456789012345678L);
  }

  /** Accepts exactly what another strict reader accepts. */
  @RepeatedTest(200)
  void agreesWithJacksonOnWhatIsJson(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    RandomJson json = new RandomJson(random);
    for (int i = 0; i < 200; i++) {
      byte[] whole = json.text();
      byte[] broken = json.broken(whole);

      assertThat(accepts(whole)).as("seed %d, text %d", seed, i).isTrue();
      assertThat(accepts(broken))
          .as("seed %d, text %d: %s", seed, i, new String(broken, UTF_8))
          .isEqualTo(JsonJudge.accepts(broken));
    }
  }

  private boolean accepts(String text) {
    return accepts(text.getBytes(UTF_8));
  }

  private boolean accepts(byte[] text) {
    try {
      cursor.reset(ByteSlice.of(text)).skip();
      cursor.end();
      return true;
    } catch (MalformedJson _) {
      return false;
    }
  }
}
