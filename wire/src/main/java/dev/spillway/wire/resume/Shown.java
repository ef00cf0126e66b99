package dev.spillway.wire.resume;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.ChunkFacts;
import dev.spillway.wire.chat.NonText;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.GrowingText;
import dev.spillway.wire.sse.SseEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the client has of one streamed answer, so that another deployment can write the rest.
 *
 * <p>The text is kept as it came, still escaped: pieces of JSON strings, one after another, are the
 * inside of a JSON string again, and so go into the next request without being read. A chunk costs
 * a copy of its text, and allocates nothing but room to grow.
 *
 * <p>Tokens are an estimate: engines send a token a chunk, so the chunks with content are counted,
 * unless they are longer than {@value #LONG_CHUNK_BYTES} bytes on average; then bytes / 4, as for
 * input. A provider's own count in the stream is taken instead where there is one. An engine that
 * predicts several tokens at once (speculative decoding) sends longer chunks too, and may come to
 * be counted low: then the answer may be longer than the client's limit by what was counted low.
 *
 * <p>One request, one of these, made with the attempt whose content comes first and kept through
 * all that continue it. Not thread-safe.
 */
public final class Shown {
  /** The most text that is kept to be sent again, in bytes, escaped. */
  public static final int MAX_BYTES = 256 * 1024;

  private static final int LONG_CHUNK_BYTES = 16;
  private static final int BYTES_PER_TOKEN = 4;

  /** What binds an output in the words of vLLM, SGLang and llama.cpp (read 2026-11). */
  private static final List<String> CONSTRAINTS =
      List.of(
          "structured_outputs",
          "guided_json",
          "guided_regex",
          "guided_choice",
          "guided_grammar",
          "regex",
          "ebnf",
          "structural_tag",
          "grammar",
          "json_schema");

  private final ScannedRequest request;
  private final AnswerHead head;
  private final GrowingText text = new GrowingText();
  private final ChunkFacts.Form form;
  private final boolean isText;
  private @Nullable Obstacle seen;
  private long inputTokens;
  private boolean told;
  private long tokensBefore;
  private long chunks;
  private long contentBytes;

  /**
   * Nothing yet.
   *
   * @param fallbackId the {@code id} that the client sees if the provider gives none
   */
  public Shown(ScannedRequest request, String fallbackId) {
    this.request = request;
    this.isText = isText(request.operation());
    this.form =
        request.operation() == Operation.CHAT_COMPLETIONS
            ? ChunkFacts.Form.CHAT
            : ChunkFacts.Form.COMPLETIONS;
    this.head = new AnswerHead(form, fallbackId, request.model());
  }

  /**
   * Remembers an event of the first stream that was passed on to the client, whole or repaired:
   * each chunk, in order. What continues it is remembered by its {@link Seam}.
   */
  public void add(SseEvent event) {
    ChunkFacts facts = factsOf(event);
    if (facts == null) {
      return;
    }
    if (facts.hasChoices()) {
      head.see(event, facts);
    }
    if (facts.hasContent() || facts.hasReasoning()) {
      count(1, facts.contentBytes());
      note(facts);
      append(event.dataArray(), facts.textFrom(), facts.textTo());
    } else if (facts.nonText() != null) {
      note(facts);
    }
    if (facts.hasUsage()) {
      counted(facts.usage());
    }
  }

  /** What stands in the way of continuing it anywhere; null if nothing does. */
  public @Nullable Obstacle obstacle() {
    Obstacle asked = ofRequest();
    if (asked != null) {
      return asked;
    }
    if (seen != null) {
      return seen;
    }
    if (text.length() == 0) {
      return Obstacle.NOTHING_SHOWN;
    }
    return hasHalfInside() ? Obstacle.HALF_CHARACTER : null;
  }

  /** Output tokens so far, reasoning included; an estimate. */
  public long generatedTokens() {
    boolean longChunks = contentBytes > LONG_CHUNK_BYTES * chunks;
    return tokensBefore + (longChunks ? contentBytes / BYTES_PER_TOKEN : chunks);
  }

  /**
   * How many tokens the rest may have.
   *
   * @param maxOutput the most of the whole answer; 0 for no limit
   * @return at least 0; {@link Long#MAX_VALUE} for no limit
   */
  public long remainingTokens(long maxOutput) {
    return maxOutput == 0 ? Long.MAX_VALUE : Math.max(0, maxOutput - generatedTokens());
  }

  /**
   * The event that ends an answer which has all the tokens it may have: {@code finish_reason} of
   * {@code length}.
   */
  public ByteSlice lengthEvent() {
    return head.finishEvent("length");
  }

  /**
   * The event that tells a usage which the provider did not: our count, with {@code
   * "spillway":{"usage":"estimated"}} beside it, which every client was seen to pass over.
   */
  public ByteSlice usageEvent() {
    return head.usageEvent(usage());
  }

  /** Our own count of the answer so far. */
  public Usage usage() {
    long input = inputTokens > 0 ? inputTokens : request.inputTokens();
    return new Usage(input, 0, generatedTokens(), Usage.Source.ESTIMATED);
  }

  /** The text so far, escaped: what stands between the quotes of a JSON string. */
  ByteSlice escaped() {
    return text.slice();
  }

  /** Whether all tokens so far, input and output, were counted by those who took and wrote them. */
  boolean isCounted() {
    return told && chunks == 0;
  }

  /** Input tokens of the request as its provider counted them; 0 if it did not say. */
  long providerInputTokens() {
    return inputTokens;
  }

  AnswerHead head() {
    return head;
  }

  ChunkFacts.Form form() {
    return form;
  }

  /** Reads an event in the form of this answer; null if it is no chunk of it. */
  @Nullable ChunkFacts factsOf(SseEvent event) {
    return isText && event.kind() == SseEvent.Kind.CHUNK ? event.chunk() : null;
  }

  /** Another deployment writes from here on. */
  void beginPart() {
    told = isCounted();
    tokensBefore = generatedTokens();
    chunks = 0;
    contentBytes = 0;
  }

  void count(long moreChunks, long moreBytes) {
    chunks += moreChunks;
    contentBytes += moreBytes;
  }

  /** What is known of the whole answer so far, from the provider's count in the stream. */
  void counted(Usage soFar) {
    told = soFar.source() == Usage.Source.PROVIDER && soFar.inputTokens() > 0;
    if (soFar.inputTokens() > 0) {
      inputTokens = soFar.inputTokens();
    }
    if (soFar.outputTokens() > 0) {
      tokensBefore = soFar.outputTokens();
      chunks = 0;
      contentBytes = 0;
    }
  }

  void note(ChunkFacts facts) {
    if (seen == null) {
      seen = obstacleIn(facts);
    }
  }

  void append(byte[] bytes, int from, int to) {
    if (seen == null && text.length() + to - from > MAX_BYTES) {
      seen = Obstacle.TOO_LONG;
    }
    if (seen == null) {
      text.append(bytes, from, to);
    } else if (text.length() > 0) {
      text.clear();
    }
  }

  private @Nullable Obstacle ofRequest() {
    if (!isText) {
      return Obstacle.OPERATION;
    }
    if (request.choices() > 1) {
      return Obstacle.SEVERAL_ANSWERS;
    }
    if (request.has(Feature.LOGPROBS)) {
      return Obstacle.LOGPROBS;
    }
    boolean constrained =
        CONSTRAINTS.stream().anyMatch(name -> request.fields().find(name) != null);
    return request.has(Feature.JSON_OUTPUT) || constrained ? Obstacle.CONSTRAINED_OUTPUT : null;
  }

  private static boolean isText(Operation operation) {
    return operation == Operation.CHAT_COMPLETIONS || operation == Operation.COMPLETIONS;
  }

  private static @Nullable Obstacle obstacleIn(ChunkFacts facts) {
    if (facts.hasReasoning()) {
      return Obstacle.REASONING;
    }
    if (facts.texts() > 1) {
      return Obstacle.SEVERAL_ANSWERS;
    }
    NonText other = facts.nonText();
    if (other == null) {
      return null;
    }
    return switch (other) {
      case CALL -> Obstacle.CALL;
      case REFUSAL -> Obstacle.REFUSAL;
      case AUDIO -> Obstacle.AUDIO;
      case ANNOTATIONS -> Obstacle.ANNOTATIONS;
      case PARTS -> Obstacle.PARTS;
    };
  }

  /** Half a surrogate pair that is not the last thing shown: its other half cannot come. */
  private boolean hasHalfInside() {
    Characters characters = new Characters(text.slice());
    boolean high = false;
    while (characters.next()) {
      boolean low = isLow(characters.value());
      if (high != low) {
        return true;
      }
      high = isHigh(characters.value());
    }
    return false;
  }

  static boolean isHigh(int value) {
    return value < 0x10000 && Character.isHighSurrogate((char) value);
  }

  private static boolean isLow(int value) {
    return value < 0x10000 && Character.isLowSurrogate((char) value);
  }
}
