package dev.spillway.simulator.live;

import static dev.spillway.simulator.live.LiveEngineClient.CHAT;
import static dev.spillway.simulator.live.LiveEngineClient.CONFIG;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was said and what follows are, byte for byte, what would have been said at once. */
class ContinuationIT {
  private static final String COMPLETIONS = "/v1/completions";
  private static final String USER = "{\"role\":\"user\",\"content\":\"Tell me of rivers.\"}";
  private static final String GO_ON =
      ",\"continue_final_message\":true,\"add_generation_prompt\":false";
  private static final String FORTY = ",\"spillway_sim\":{\"output_tokens\":40}";
  private static final Pattern TEXT = Pattern.compile("\"(?:content|text)\":\"([^\"]*)\"");

  private static final LiveEngineClient CLIENT = new LiveEngineClient();
  private static LiveEngine engine;

  @BeforeAll
  static void start() throws Exception {
    engine = LiveEngine.start(CONFIG);
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    engine.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 11, 25, 26, 60, 100})
  void goesOnWithAMessageFromAnyByte(int shown) throws Exception {
    String whole = text(CLIENT.post(engine, CHAT, chat(USER, FORTY)).body());
    String begun = whole.substring(0, shown);

    String rest =
        text(CLIENT.post(engine, CHAT, chat(USER + "," + assistant(begun), GO_ON + FORTY)).body());

    assertThat(begun + rest).isEqualTo(whole);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 11, 25, 26, 60})
  void goesOnWithAPromptFromAnyByteAfterTheFirstWord(int shown) throws Exception {
    String prompt = "Once upon a time";
    String whole = text(CLIENT.post(engine, COMPLETIONS, completion(prompt, 20)).body());
    String begun = whole.substring(0, shown);

    String rest = text(CLIENT.post(engine, COMPLETIONS, completion(prompt + begun, 20)).body());

    assertThat(begun + rest).startsWith(whole);
  }

  @Test
  void goesOnWithAPromptThatHoldsEarlierAnswers() throws Exception {
    String first = text(CLIENT.post(engine, COMPLETIONS, completion("Q: a. A: ", 20)).body());
    String prompt = "Q: a. A: " + first + " Q: b. A: ";
    String whole = text(CLIENT.post(engine, COMPLETIONS, completion(prompt, 20)).body());

    String rest =
        text(
            CLIENT
                .post(engine, COMPLETIONS, completion(prompt + whole.substring(0, 30), 20))
                .body());

    assertThat(whole).startsWith("This answer is simulated.");
    assertThat(whole.substring(0, 30) + rest).startsWith(whole);
  }

  @Test
  void countsTokensOfTheRestAlone() throws Exception {
    String begun = "This answer is";

    String limited =
        CLIENT
            .post(engine, CHAT, chat(USER + "," + assistant(begun), GO_ON + ",\"max_tokens\":7"))
            .body();
    String recorded =
        CLIENT
            .post(
                engine,
                CHAT,
                chat(
                    USER + "," + assistant(begun),
                    GO_ON + ",\"spillway_sim\":{\"output_tokens\":10}"))
            .body();

    assertThat(limited).contains("\"completion_tokens\":7,", "\"finish_reason\":\"length\"");
    assertThat(recorded).contains("\"completion_tokens\":7,", "\"finish_reason\":\"stop\"");
  }

  @Test
  void endsAtOnceWhereNothingIsLeft() throws Exception {
    String whole =
        text(
            CLIENT
                .post(engine, CHAT, chat(USER, ",\"spillway_sim\":{\"output_tokens\":6}"))
                .body());

    String rest =
        CLIENT
            .post(
                engine,
                CHAT,
                chat(
                    USER + "," + assistant(whole),
                    GO_ON + ",\"spillway_sim\":{\"output_tokens\":6},\"stop\":[\"zzz\"]"))
            .body();

    assertThat(rest).contains("\"finish_reason\":\"stop\"", "\"completion_tokens\":1,");
  }

  @Test
  void answersAForeignBeginningOtherwise() throws Exception {
    String whole = text(CLIENT.post(engine, CHAT, chat(USER, ",\"max_tokens\":20")).body());

    String foreign =
        text(
            CLIENT
                .post(
                    engine,
                    CHAT,
                    chat(USER + "," + assistant("Sure."), GO_ON + ",\"max_tokens\":20"))
                .body());

    assertThat(foreign).isNotEqualTo(whole).startsWith("This answer is simulated.");
  }

  @Test
  void answersAnAssistantsMessageAnewUnlessAskedToGoOn() throws Exception {
    String anew =
        text(CLIENT.post(engine, CHAT, chat(USER + "," + assistant("This answer"), "")).body());

    assertThat(anew).startsWith("This answer is simulated.");
  }

  private static String chat(String messages, String more) {
    return "{\"model\":\"gpt-4o\",\"messages\":[" + messages + "]" + more + "}";
  }

  private static String assistant(String content) {
    return "{\"role\":\"assistant\",\"content\":\"" + content + "\"}";
  }

  private static String completion(String prompt, int maxTokens) {
    return "{\"model\":\"gpt-4o\",\"prompt\":\"" + prompt + "\",\"max_tokens\":" + maxTokens + "}";
  }

  private static String text(String answer) {
    Matcher found = TEXT.matcher(answer);
    return found.find() ? found.group(1) : "no text in " + answer;
  }
}
