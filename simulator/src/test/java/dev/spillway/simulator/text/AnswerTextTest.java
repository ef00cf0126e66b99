package dev.spillway.simulator.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.simulator.text.AnswerText.Place;
import org.junit.jupiter.api.Test;

class AnswerTextTest {
  private static final AnswerText WORDS = new SimulatedText(7, 1);

  @Test
  void goesOnWhereItWasLeftEvenWithinAToken() {
    assertThat(WORDS.after("")).contains(new Place(0, 0));
    assertThat(WORDS.after("This answer")).contains(new Place(2, 0));
    assertThat(WORDS.after("This answer is si")).contains(new Place(3, 3));
  }

  @Test
  void doesNotGoOnFromWhatItWouldNotSay() {
    assertThat(WORDS.after("This answer was")).isEmpty();
    assertThat(new FixedText("{}").after("{} and more")).isEmpty();
  }

  @Test
  void dependsOnThePromptAndTheSeed() {
    assertThat(first20(new SimulatedText(7, 1))).isEqualTo(first20(WORDS));
    assertThat(first20(new SimulatedText(8, 1))).isNotEqualTo(first20(WORDS));
    assertThat(first20(new SimulatedText(7, 2))).isNotEqualTo(first20(WORDS));
  }

  @Test
  void cutsAFixedTextBetweenCharactersAndEscapesEachPiece() {
    var text = new FixedText("{\"a\":\"😀é\n\"}");

    assertThat(text.naturalTokens()).isEqualTo(3);
    assertThat(new String(text.token(1), UTF_8)).isEqualTo(":\"😀é");
    assertThat(new String(text.escaped(1), UTF_8)).isEqualTo(":\\\"😀é");
    assertThat(new String(text.escaped(2), UTF_8)).isEqualTo("\\n\\\"}");
    assertThat(text.token(3)).isEmpty();
  }

  private static String first20(AnswerText text) {
    var said = new StringBuilder();
    for (int position = 0; position < 20; position++) {
      said.append(new String(text.token(position), UTF_8));
    }
    return said.toString();
  }
}
