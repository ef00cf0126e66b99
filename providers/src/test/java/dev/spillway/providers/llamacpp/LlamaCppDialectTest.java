package dev.spillway.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.Continuation;
import dev.spillway.testkit.DialectContract;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.resume.Obstacle;
import org.junit.jupiter.api.Test;

class LlamaCppDialectTest extends DialectContract {
  private final LlamaCppDialect llama = new LlamaCppDialect();
  private final Continuation continuation = new Continuation(llama);

  @Override
  protected Dialect dialect() {
    return llama;
  }

  @Test
  void turnsThinkingOffForAnAnswerThatHasBegun() {
    assertThat(continuation.sent(body("[{}]", "")))
        .contains("\"chat_template_kwargs\":{\"enable_thinking\":false}");
  }

  @Test
  void leavesTheTemplatesArgumentsToAClientThatSetsThem() {
    String arguments = "\"chat_template_kwargs\":{\"x\":1},";

    assertThat(continuation.sent(body("[{}]", arguments)))
        .contains(arguments)
        .doesNotContain("enable_thinking");
  }

  @Test
  void addsToTheClientsOwnBeginningSinceTwoMessagesWouldBeRefused() {
    String prefill = "[{\"role\":\"assistant\",\"content\":\"So: \"}]";

    assertThat(continuation.sent(body(prefill, "")))
        .contains(prefill.replace("So: ", "So: " + Continuation.SHOWN));
  }

  @Test
  void cannotAddToABeginningThatIsMoreThanText() {
    for (String content :
        new String[] {
          "[{\"type\":\"text\",\"text\":\"So: \"}]", "null", "\"a\",\"tool_calls\":[{}]"
        }) {
      String prefill = "[{\"role\":\"assistant\",\"content\":" + content + "}]";

      assertThat(continuation.obstacle(body(prefill, ""))).isEqualTo(Obstacle.PREFILL);
    }
  }

  private static String body(String messages, String more) {
    return "{" + more + "\"model\":\"m\",\"messages\":" + messages + "}";
  }
}
