package dev.spillway.testkit.faulty;

import static dev.spillway.testkit.json.JsonTree.quote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.json.JsonTree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WordEngineTest {
  private static final String USER = "{\"role\":\"user\",\"content\":\"Say 9 words\"}";

  @Test
  void goesOnFromAnyCharacterAsIfItHadNeverStopped() {
    String whole = ChatAnswer.to(body("")).text();

    for (int at = 0; at <= whole.length(); at++) {
      String said = whole.substring(0, at);
      assertThat(said + ChatAnswer.to(resumed(said)).text()).isEqualTo(whole);
    }
  }

  @Test
  void goesOnFromWhatStandsBehindTheFirstLineOfAPrompt() {
    ChatAnswer uncut = ChatAnswer.to(prompt(""));

    for (int at = 0; at <= uncut.text().length(); at++) {
      String said = uncut.text().substring(0, at);
      assertThat(said + ChatAnswer.to(prompt(said)).text()).isEqualTo(uncut.text());
    }
    assertThat(JsonTree.read(uncut.json()).at("choices", 0, "text").text()).isEqualTo(uncut.text());
  }

  @Test
  void countsTheSameTokensWhereverItGoesOn() {
    ChatAnswer uncut = ChatAnswer.to(body(""));
    String said = uncut.text().substring(0, uncut.text().indexOf(' ') + 1);

    ChatAnswer rest = ChatAnswer.to(resumed(said));

    assertThat(rest.promptTokens() + rest.completionTokens())
        .isEqualTo(uncut.promptTokens() + uncut.completionTokens());
  }

  @Test
  void cannotGoOnFromWhatItNeverSaid() {
    String whole = ChatAnswer.to(body("")).text();

    assertThat(whole).doesNotContain(ChatAnswer.to(resumed(whole + "more")).text());
    assertThat(whole).doesNotContain(ChatAnswer.to(resumed("Something else")).text());
  }

  @Test
  void saysNoTokenTwice() {
    List<String> words = List.of(ChatAnswer.to(body("")).text().split(" ", -1));

    Set<String> different = new HashSet<>(words);

    assertThat(different).hasSize(words.size());
  }

  @Test
  void streamsWhatItSaysAtOnce() {
    ChatAnswer answer = ChatAnswer.to(body(",\"stream\":true,\"stop\":[\"5 \"]"));
    StringBuilder streamed = new StringBuilder();

    for (ChatAnswer.Event each : answer.events()) {
      if (each.kind() == ChatAnswer.Kind.CONTENT) {
        JsonTree chunk = JsonTree.read(each.text().substring("data: ".length()));
        streamed.append(chunk.at("choices", 0, "delta", "content").text());
      }
    }

    assertThat(streamed.toString()).isEqualTo(answer.text()).doesNotContain("5 ");
    assertThat(JsonTree.read(answer.json()).at("choices", 0, "message", "content").text())
        .isEqualTo(answer.text());
  }

  @Test
  void endsAtTheMostTokens() {
    ChatAnswer answer = ChatAnswer.to(body(",\"max_tokens\":4"));

    assertThat(answer.completionTokens()).isEqualTo(4);
    assertThat(answer.finishReason()).isEqualTo("length");
  }

  private static String body(String more) {
    return "{\"messages\":[" + USER + "]" + more + "}";
  }

  private static String prompt(String said) {
    return "{\"prompt\":" + quote("Say 9 words:\n" + said) + "}";
  }

  private static String resumed(String said) {
    return "{\"messages\":["
        + USER
        + ",{\"role\":\"assistant\",\"content\":"
        + quote(said)
        + "}],\"continue_final_message\":true,\"add_generation_prompt\":false}";
  }
}
