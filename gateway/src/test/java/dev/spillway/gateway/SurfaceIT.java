package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.DONE;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operations beside chat that take JSON, in every style of path. */
class SurfaceIT {
  private static final String TEXT =
      "data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\","
          + "\"choices\":[{\"index\":0,\"text\":\"Hello\",\"finish_reason\":null}]}\n\n";
  private static final String END =
      "data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\","
          + "\"choices\":[{\"index\":0,\"text\":\"\",\"finish_reason\":\"stop\"}]}\n\n";
  private static final String USAGE =
      "data: {\"id\":\"cmpl-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":4,"
          + "\"completion_tokens\":3}}\n\n";
  private static final String PROMPT =
      "{\"model\":\"gpt-4o\",\"prompt\":\"Say hello\",\"logprobs\":2}";
  private static final String PROMPT_STREAMED =
      "{\"model\":\"gpt-4o\",\"stream\":true,\"prompt\":\"Say hello\"}";

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/completions",
        "/openai/v1/completions",
        "/openai/deployments/gpt-4o/completions?api-version=2024-10-21"
      })
  void answersCompletionsInEveryStyle(String path) throws Exception {
    String answer =
        "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"choices\":[{\"index\":0,"
            + "\"text\":\"Hello\",\"logprobs\":null,\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":1,\"total_tokens\":5}}";
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, answer));
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.post("POST " + path, PROMPT, AUTHORIZED));

      assertThat(client.receive().body()).isEqualTo(answer);
      assertThat(provider.requests().getFirst().head()).startsWith("POST /v1/completions HTTP");
      assertThat(hub.nextEnded().usage()).isEqualTo(new Usage(4, 0, 1, Usage.Source.PROVIDER));
    }
  }

  @Test
  void streamsCompletionsToTheByteAndKeepsTheCountItAskedFor() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Script.stream(TEXT, END, USAGE, DONE));
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.post("POST /v1/completions", PROMPT_STREAMED, AUTHORIZED));

      ReceivedMessage answer = client.receive();
      assertThat(answer.body()).isEqualTo(TEXT + END + DONE);
      assertThat(answer.whole()).isTrue();
      assertThat(provider.requests().getFirst().body()).contains("\"include_usage\":true");
      assertThat(hub.nextEnded().usage()).isEqualTo(new Usage(4, 0, 3, Usage.Source.PROVIDER));
    }
  }

  @Test
  void makesAWholeCompletionOfAStreamWithoutIds() throws Exception {
    String id = "\"id\":\"cmpl-1\",";
    Script nameless = Script.stream(TEXT.replace(id, ""), END.replace(id, ""), DONE);
    try (ScriptedProvider provider = new ScriptedProvider(nameless);
        TestHub hub = TestHub.start(HubPlan.before(provider.port()).streamingUpstream());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.post("POST /v1/completions", PROMPT, AUTHORIZED));

      assertThat(client.receive().body()).startsWith("{\"id\":\"cmpl-").contains("\"Hello\"");
    }
  }

  @Test
  void scoresAPromptWithoutAnAnswer() throws Exception {
    String answer =
        "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"choices\":[{\"index\":0,"
            + "\"text\":\"Hello\",\"logprobs\":{\"tokens\":[\"Hello\"]},\"finish_reason\":\"length\"}],"
            + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":0,\"total_tokens\":1}}";
    String ask =
        "{\"model\":\"gpt-4o\",\"prompt\":\"Hello\",\"echo\":true,\"logprobs\":1,\"max_tokens\":0}";
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, answer));
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.post("POST /v1/completions", ask, AUTHORIZED));

      assertThat(client.receive().body()).isEqualTo(answer);
      assertThat(provider.requests().getFirst().body()).contains("\"max_tokens\":0");
      assertThat(hub.nextEnded().usage()).isEqualTo(new Usage(1, 0, 0, Usage.Source.PROVIDER));
    }
  }

  /** Not "length": it is the prompt that is cut, and no token was to come after it. */
  @Test
  void saysThatAScoredPromptBrokeOff() throws Exception {
    String ask =
        "{\"model\":\"gpt-4o\",\"stream\":true,\"prompt\":\"Hello\",\"echo\":true,\"max_tokens\":0}";
    try (ScriptedProvider broken = new ScriptedProvider(Script.stream(TEXT, DONE));
        ScriptedProvider other = new ScriptedProvider(Script.stream(TEXT, END, DONE));
        TestHub hub = TestHub.before(broken.port(), other.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.post("POST /v1/completions", ask, AUTHORIZED));

      String got = client.receive().body();
      assertThat(got).startsWith(TEXT + "event: error\n").contains("(stream broken)");
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void goesOnWithCompletionsWhereTheyEndedWithoutAReason() throws Exception {
    try (ScriptedProvider broken = new ScriptedProvider(Script.stream(TEXT, DONE));
        ScriptedProvider good = new ScriptedProvider(Script.stream(TEXT, END, DONE));
        TestHub hub = TestHub.before(broken.port(), good.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.post("POST /v1/completions", PROMPT_STREAMED, AUTHORIZED));

      assertThat(client.receive().body()).isEqualTo(TEXT + TEXT + END + DONE);
      assertThat(good.requests().getFirst().body()).contains("Hello\"");
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
    }
  }

  @Test
  void breaksOffCompletionsThatNobodyGoesOnWith() throws Exception {
    Script failure = Script.answer(500, "{}");
    try (ScriptedProvider provider = new ScriptedProvider(Script.stream(TEXT, DONE), failure);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.post("POST /v1/completions", PROMPT_STREAMED, AUTHORIZED));

      assertThat(client.receive().body()).startsWith(TEXT + "event: error\n");
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.CUT);
    }
  }

  @Test
  void answersCompletionsFromElsewhereWhenAStreamBreaksBeforeItsFirstText() throws Exception {
    try (ScriptedProvider broken = new ScriptedProvider(Script.stream(": hold on\n\n", DONE));
        ScriptedProvider good = new ScriptedProvider(Script.stream(TEXT, END, DONE));
        TestHub hub = TestHub.before(broken.port(), good.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.post("POST /v1/completions", PROMPT_STREAMED, AUTHORIZED));

      assertThat(client.receive().body()).isEqualTo(TEXT + END + DONE);
      RequestRecord record = hub.nextEnded();
      assertThat(record.outcome()).isEqualTo(Outcome.WHOLE);
      assertThat(record.failures()).hasSize(1);
    }
  }

  @Test
  void answersModerationsWhoseModelIsNotNamed() throws Exception {
    String answer = "{\"id\":\"modr-1\",\"model\":\"m\",\"results\":[{\"flagged\":false}]}";
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, answer));
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.post("POST /v1/moderations", "{\"input\":\"a\"}", AUTHORIZED));
      assertThat(client.receive().body()).contains("omni-moderation-latest");

      String named = "{\"input\":[\"a\",\"b\"],\"model\":\"gpt-4o\",\"stream\":true}";
      client.send(Requests.post("POST /v1/moderations", named, AUTHORIZED));
      assertThat(client.receive().body()).isEqualTo(answer);
    }
  }
}
