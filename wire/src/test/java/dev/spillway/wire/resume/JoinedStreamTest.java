package dev.spillway.wire.resume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.TenantId;
import dev.spillway.wire.aggregate.AnswerFold;
import dev.spillway.wire.aggregate.AnswerMemory;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.RequestScan;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonTree;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.StreamRepair;
import dev.spillway.wire.sse.StreamRepair.UsageChunk;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers that are cut at random, several times, and continued by engines that begin exactly where
 * the text they are given ends: whatever the text and wherever the cuts, the client cannot tell.
 */
class JoinedStreamTest {
  private static final TenantId TENANT = new TenantId("team-a");
  private static final AnswerMemory PLENTY = new AnswerMemory(1 << 30);
  private static final int PROMPT_TOKENS = 1000;
  private static final String CHAT =
      "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String COMPLETIONS =
      "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
          + "\"prompt\":\"Once \\\\\"}";

  @RepeatedTest(300)
  void theClientCannotTell(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Play play = new Play(random, seed % 3 != 0, "seed " + seed);
    String text = new RandomText(random).text(3 + random.nextInt(60));

    play.cutAfterSomePieces(text);
    play.finish(text);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anyByteMayBeTheLastOfTheFirstStream(boolean chat) {
    String text = " \\n\"😀\" é\n中👩‍👩‍👧";
    int cut = 0;
    boolean more = true;
    while (more) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
      Play play = new Play(random, chat, "cut " + cut);

      more = play.cutAtByte(text, cut);
      play.finish(text);

      cut++;
    }
    assertThat(cut).isGreaterThan(1000);
  }

  /** One answer, from its first attempt to its end. */
  private static final class Play {
    private final RandomGenerator random;
    private final RandomText texts;
    private final boolean chat;
    private final String seed;
    private final ByteSlice body;
    private final ScannedRequest request;
    private final Shown shown;
    private final StreamRepair repair = new StreamRepair(UsageChunk.ASKED, "fallback");
    private final ClientView client = new ClientView();
    private final AnswerFold fold;
    private int attempts;

    Play(RandomGenerator random, boolean chat, String seed) {
      this.random = random;
      this.texts = new RandomText(random);
      this.chat = chat;
      this.seed = seed;
      this.body = ByteSlice.of(chat ? CHAT : COMPLETIONS);
      Operation operation = chat ? Operation.CHAT_COMPLETIONS : Operation.COMPLETIONS;
      RequestScan scan = RequestScan.of(operation, null, body);
      this.request = ((RequestScan.Accepted) scan).request();
      this.shown = new Shown(request, "fallback", ContinuationMemoryTest.roomy());
      this.fold = new AnswerFold(request, "fallback", 1 << 20, PLENTY.share(TENANT));
    }

    void finish(String text) {
      boolean whole = shown.obstacle() == Obstacle.NOTHING_SHOWN;
      if (whole) {
        assertThat(client.text()).as(seed).isEmpty(); // another attempt begins anew
        return;
      }
      while (!whole) {
        whole = next(text, shown.generatedTokens());
      }

      assertThat(client.text()).as(seed).isEqualTo(text);
      assertThat(client.heads()).as(seed).hasSize(1);
      assertThat(client.roles()).as(seed).isEqualTo(chat ? 1 : 0);
      assertThat(client.finishReasons()).as(seed).containsExactly("stop");
      assertThat(client.usages()).as(seed).hasSize(1);
      assertThat(JsonTree.at(client.usages().getFirst(), "prompt_tokens"))
          .as(seed)
          .isEqualTo((long) PROMPT_TOKENS);
      assertThat(folded()).as(seed).isEqualTo(text);
    }

    void cutAfterSomePieces(String text) {
      Chunks chunks = new Chunks("first", chat);
      List<String> pieces = texts.pieces(text);
      byte[] stream = stream(chunks, pieces.subList(0, 1 + random.nextInt(pieces.size())));
      chunks.read(stream, stream.length, this::show);
    }

    /** Whether there would be more bytes. */
    boolean cutAtByte(String text, int cut) {
      Chunks chunks = new Chunks("first", chat);
      byte[] stream = stream(chunks, texts.pieces(text));
      chunks.read(stream, cut, this::show);
      return cut < stream.length;
    }

    private byte[] stream(Chunks chunks, List<String> pieces) {
      StringBuilder stream = new StringBuilder(chunks.role());
      pieces.forEach(piece -> stream.append(chunks.text(texts.escaped(piece))));
      return stream.toString().getBytes(UTF_8);
    }

    private void show(SseEvent event) {
      give(chat ? repair.repair(event) : new StreamRepair.Repaired.AsItIs(), event);
      shown.add(event);
    }

    private void give(StreamRepair.Repaired repaired, SseEvent event) {
      client.take(repaired, event);
      fold.take(event, repaired);
    }

    /** A continuation; whether it came to its end. */
    private boolean next(String text, long generated) {
      attempts++;
      String given = given();
      assertThat(text).as(seed).startsWith(given);
      Seam seam = new Seam(request, body, shown, UsageChunk.ASKED);
      Chunks chunks = new Chunks("next-" + attempts, chat);
      List<String> pieces = texts.pieces(text.substring(given.length()));
      boolean whole = random.nextInt(3) == 0;
      int sent = whole ? pieces.size() : random.nextInt(pieces.size() + 1);
      StringBuilder stream = new StringBuilder(chunks.role());
      pieces.subList(0, sent).forEach(p -> stream.append(chunks.text(texts.escaped(p))));
      if (whole) {
        stream.append(chunks.finish("stop"));
        stream.append(chunks.usage(PROMPT_TOKENS + generated, pieces.size()));
      }
      chunks.read(stream.toString(), event -> give(seam.repair(event), event));

      assertThat(seam.failure()).as(seed).isNull();
      assertThat(seam.stopped()).as(seed).isFalse();
      if (whole) {
        assertThat(JsonTree.at(client.usages().getFirst(), "completion_tokens"))
            .as(seed)
            .isEqualTo(generated + pieces.size());
      }
      return whole;
    }

    /** The text that the continuing engine is given: valid JSON, and nothing else is changed. */
    private String given() {
      BodyEdit edit = new BodyEdit(request, body);
      Resumption resumption = chat ? Resumption.PREFILLS_LAST_MESSAGE : Resumption.NONE;
      assertThat(new ContinuedRequest(request, shown, resumption).applyTo(edit)).as(seed).isNull();
      Object sent = JsonTree.read(ByteSlice.of(edit.build().apply(body)).toString());
      if (!chat) {
        String prompt = string(JsonTree.at(sent, "prompt"));
        assertThat(prompt).startsWith("Once \\");
        return prompt.substring("Once \\".length());
      }
      assertThat(JsonTree.at(sent, "messages", 0))
          .isEqualTo(Map.of("role", "user", "content", "Hi"));
      if (JsonTree.at(sent, "messages", 1) == null) {
        return ""; // half a character was shown
      }
      assertThat(JsonTree.at(sent, "messages", 1, "role")).isEqualTo("assistant");
      return string(JsonTree.at(sent, "messages", 1, "content"));
    }

    /** The text of the whole answer to a client that does not stream. */
    private String folded() {
      Object answer = JsonTree.read(fold.answer(shown.usage()).toString());
      return string(
          chat
              ? JsonTree.at(answer, "choices", 0, "message", "content")
              : JsonTree.at(answer, "choices", 0, "text"));
    }

    private String string(@Nullable Object value) {
      assertThat(value).as(seed).isInstanceOf(String.class);
      return String.valueOf(value);
    }
  }
}
