package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images and transcripts, in JSON and in forms, in every style of path. */
@ParameterizedClass
@EnumSource(Protocol.class)
class MediaIT {
  private static final String TRANSCRIPT = "{\"text\":\"Hello\"}";
  private static final String IMAGES = "{\"created\":1,\"data\":[{\"b64_json\":\"AAAA\"}]}";
  private static final String DRAW = "{\"model\":\"gpt-4o\",\"prompt\":\"A cat\",\"n\":2}";

  private final Protocol protocol;

  MediaIT(Protocol protocol) {
    this.protocol = protocol;
  }

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/audio/transcriptions",
        "/openai/v1/audio/transcriptions",
        "/openai/deployments/gpt-4o/audio/transcriptions?api-version=2024-10-21",
        "/v1/audio/translations"
      })
  void transcribesInEveryStyleWithTheModelBeforeOrAfterTheFile(String path) throws Exception {
    for (String form :
        List.of(Forms.of(Forms.MODEL, Forms.FILE), Forms.of(Forms.FILE, Forms.MODEL))) {
      try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, TRANSCRIPT));
          TestHub hub = TestHub.before(provider.port());
          TestClient client = protocol.connect(hub)) {
        client.send(Forms.post(path, form, Forms.TYPE));

        assertThat(client.receive().body()).isEqualTo(TRANSCRIPT);
        ReceivedMessage sent = provider.requests().getFirst();
        assertThat(sent.header("content-type")).isEqualTo("multipart/form-data; boundary=\"b\"");
        assertThat(sent.header("content-length")).isEqualTo(String.valueOf(form.length()));
        assertThat(sent.body()).contains("name=\"model\"\r\n\r\ngpt-4o\r\n");
      }
    }
  }

  @Test
  void namesTheModelWhenThePathDoesAndTheFormDoesNot() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, TRANSCRIPT));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(
          Forms.post(
              "/openai/deployments/gpt-4o/audio/transcriptions", Forms.of(Forms.FILE), Forms.TYPE));

      assertThat(client.receive().status()).isEqualTo(200);
      assertThat(provider.requests().getFirst().body()).startsWith(Forms.MODEL);
    }
  }

  @Test
  void passesATranscriptThatIsText() throws Exception {
    String vtt = "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n";
    String form = Forms.of(Forms.MODEL, Forms.field("response_format", "vtt"), Forms.FILE);
    try (ScriptedProvider provider =
            new ScriptedProvider(Script.answer("text/vtt; charset=x", vtt));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Forms.post("/v1/audio/transcriptions", form, Forms.TYPE));

      ReceivedMessage answer = client.receive();
      assertThat(answer.body()).isEqualTo(vtt);
      assertThat(answer.header("content-type")).isEqualTo("text/vtt; charset=utf-8");
    }
  }

  @Test
  void streamsATranscriptToTheByte() throws Exception {
    String delta = event("transcript.text.delta", "\"delta\":\"Hel\"");
    String done =
        event(
            "transcript.text.done",
            "\"text\":\"Hel\",\"usage\":{\"input_tokens\":7,\"output_tokens\":2}");
    String form = Forms.of(Forms.MODEL, Forms.field("stream", "true"), Forms.FILE);
    try (ScriptedProvider provider = new ScriptedProvider(Script.stream(delta, done));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Forms.post("/v1/audio/transcriptions", form, Forms.TYPE));

      assertThat(client.receive().body()).isEqualTo(delta + done);
      assertThat(hub.nextEnded().usage()).isEqualTo(new Usage(7, 0, 2, Usage.Source.PROVIDER));
    }
  }

  /** As vLLM does, which ends each 30 s of sound, and all of it by [DONE]. */
  @Test
  void streamsATranscriptOfChunksToTheByte() throws Exception {
    String[] events = {
      chunk("\"delta\":{\"content\":\"\"}"),
      chunk("\"delta\":{\"content\":\" One\"},\"finish_reason\":\"stop\",\"stop_reason\":null"),
      chunk("\"delta\":{\"content\":\" two\"}"),
      chunk("\"delta\":{\"content\":\".\"},\"finish_reason\":\"stop\",\"stop_reason\":null"),
      "data: {\"id\":\"t\",\"object\":\"transcription.chunk\",\"created\":1,\"choices\":[],"
          + "\"model\":\"m\",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n",
      Answers.DONE
    };
    Script slow =
        connection -> {
          connection.send(Answers.streamHead() + Answers.chunks(events[0], events[1]));
          Thread.sleep(600); // longer than what ends an answer is waited for
          connection.send(Answers.chunks(events[2], events[3], events[4], events[5]));
          connection.send(Answers.LAST_CHUNK);
        };
    String form = Forms.of(Forms.MODEL, Forms.field("stream", "true"), Forms.FILE);
    try (ScriptedProvider provider = new ScriptedProvider(slow);
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Forms.post("/v1/audio/transcriptions", form, Forms.TYPE));

      assertThat(client.receive().body()).isEqualTo(String.join("", events));
      assertThat(hub.nextEnded().usage()).isEqualTo(new Usage(7, 0, 3, Usage.Source.PROVIDER));
    }
  }

  @Test
  void breaksOffATranscriptOfChunksThatEndsWithoutDone() throws Exception {
    String first = chunk("\"delta\":{\"content\":\" One\"},\"finish_reason\":\"stop\"");
    String form = Forms.of(Forms.MODEL, Forms.field("stream", "true"), Forms.FILE);
    try (ScriptedProvider provider = new ScriptedProvider(Script.stream(first));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Forms.post("/v1/audio/transcriptions", form, Forms.TYPE));

      assertThat(client.receive().body()).startsWith(first).contains("stream_interrupted");
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.CUT);
    }
  }

  @Test
  void takesNoPageForATranscript() throws Exception {
    String form = Forms.of(Forms.MODEL, Forms.field("response_format", "text"), Forms.FILE);
    try (ScriptedProvider broken = new ScriptedProvider(Script.answer("text/html", "<html>"));
        ScriptedProvider good = new ScriptedProvider(Script.answer("text/plain", "Hello"));
        TestHub hub = TestHub.before(broken.port(), good.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Forms.post("/v1/audio/transcriptions", form, Forms.TYPE));

      assertThat(client.receive().body()).isEqualTo("Hello");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/images/generations",
        "/openai/v1/images/generations",
        "/openai/deployments/gpt-4o/images/generations?api-version=2024-10-21",
        "/v1/images/edits"
      })
  void drawsInEveryStyle(String path) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, IMAGES));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST " + path, DRAW, AUTHORIZED));

      assertThat(client.receive().body()).isEqualTo(IMAGES);
    }
  }

  /** Each says that it is complete; there is a pause before the next one. */
  @Test
  void streamsEveryImageThatWasAskedFor() throws Exception {
    String first = event("image_generation.completed", "\"b64_json\":\"AAAA\"");
    String second = event("image_generation.completed", "\"b64_json\":\"BBBB\"");
    Script slow =
        connection -> {
          connection.send(Answers.streamHead() + Answers.chunks(first));
          Thread.sleep(600); // longer than what ends an answer is waited for
          connection.send(Answers.chunks(second) + Answers.LAST_CHUNK);
        };
    try (ScriptedProvider provider = new ScriptedProvider(slow);
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      String streamed = DRAW.replace("\"n\":2", "\"n\":2,\"stream\":true");
      client.send(Requests.post("POST /v1/images/generations", streamed, AUTHORIZED));

      assertThat(client.receive().body()).isEqualTo(first + second);
    }
  }

  @Test
  void editsImagesOfAForm() throws Exception {
    String form =
        Forms.of(
            Forms.file("image[]", "PNG"),
            Forms.file("image[]", "PNG"),
            Forms.field("prompt", "A cat"),
            Forms.MODEL);
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, IMAGES));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Forms.post("/v1/images/edits", form, Forms.TYPE));

      assertThat(client.receive().body()).isEqualTo(IMAGES);
      assertThat(provider.requests().getFirst().body()).isEqualTo(form);
    }
  }

  @Test
  void refusesHostileFormsBeforeAnythingIsSent() throws Exception {
    String nested =
        Forms.file("x", "").replace("Content-Type: audio/wav", "Content-Type: multipart/mixed");
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, TRANSCRIPT));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      for (String form :
          List.of(
              Forms.MODEL + Forms.FILE,
              Forms.of(Forms.MODEL, Forms.MODEL, Forms.FILE),
              Forms.of(Forms.file("model", "gpt-4o"), Forms.FILE),
              Forms.of(Forms.MODEL, Forms.FILE, nested),
              "")) {
        client.send(Forms.post("/v1/audio/transcriptions", form, Forms.TYPE));
        assertThat(client.receive().status()).as(form).isEqualTo(400);
      }
      for (String type :
          List.of(
              "Content-Type: multipart/form-data",
              "Content-Type: multipart/form-data; boundary=" + "b".repeat(71))) {
        client.send(Forms.post("/v1/audio/transcriptions", Forms.of(Forms.FILE), type));
        assertThat(client.receive().status()).as(type).isEqualTo(400);
      }
      client.send(Requests.post("POST /v1/audio/transcriptions", DRAW, AUTHORIZED));
      assertThat(client.receive().status()).isEqualTo(415);
      client.send(Forms.post("/v1/chat/completions", Forms.of(Forms.MODEL), Forms.TYPE));
      assertThat(client.receive().status()).isEqualTo(415);
      assertThat(provider.requests()).isEmpty();
    }
  }

  @Test
  void takesFormsThatAreLargerThanAnyOtherBodyButNotThanTheirOwnLimit() throws Exception {
    String file = Forms.file("file", "x".repeat(300_000));
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, TRANSCRIPT));
        TestHub hub = TestHub.with(TestHub.small(10_000, 400_000), provider.port())) {
      try (TestClient client = protocol.connect(hub)) {
        client.send(
            Forms.post("/v1/audio/transcriptions", Forms.of(file, Forms.MODEL), Forms.TYPE));
        assertThat(client.receive().body()).isEqualTo(TRANSCRIPT);
      }
      try (TestClient client = protocol.connect(hub)) {
        client.send(
            Forms.post("/v1/audio/transcriptions", Forms.of(file, file, Forms.MODEL), Forms.TYPE));
        assertThat(client.receive().status()).isEqualTo(413);
      }
    }
  }

  @Test
  void refusesAFormForWhichNoMemoryIsLeft() throws Exception {
    String head =
        Forms.post("/v1/audio/transcriptions", Forms.of(Forms.file("file", "x".repeat(300_000))));
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, TRANSCRIPT));
        TestHub hub = TestHub.with(TestHub.small(10_000, 400_000), provider.port());
        TestClient slow = protocol.connect(hub);
        TestClient client = protocol.connect(hub)) {
      slow.send(
              head.replace(
                      "\r\nContent-Length",
                      "\r\n" + Forms.TYPE + "\r\nExpect: 100-continue\r\nContent-Length")
                  .substring(0, 290_000))
          .receive();
      for (int status = 200; status != 503; ) {
        // The budget is taken as the bytes arrive: until they have, there is room for this one.
        client.send(
            Forms.post(
                "/v1/audio/transcriptions",
                Forms.of(Forms.file("file", "x".repeat(200_000)), Forms.MODEL),
                Forms.TYPE));
        status = client.receive().status();
      }
    }
  }

  private static String chunk(String choice) {
    return "data: {\"id\":\"t\",\"object\":\"transcription.chunk\",\"created\":1,\"choices\":[{"
        + choice
        + "}],\"model\":\"m\"}\n\n";
  }

  private static String event(String type, String members) {
    return "data: {\"type\":\"" + type + "\"," + members + "}\n\n";
  }
}
