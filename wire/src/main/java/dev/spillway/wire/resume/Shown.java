package dev.spillway.wire.resume;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.ChunkFacts;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.sse.SseEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the client has of one streamed answer, so that another deployment can write the rest.
 *
 * <p>The text is kept as it came, still escaped: pieces of JSON strings, one after another, are the
 * inside of a JSON string again, and so go into the next request without being read. A chunk costs
 * a copy of its text, and allocates nothing but room to grow. That room is paid for from the memory
 * for all answers together; where there is none left, the text is let go, and this answer cannot be
 * continued.
 *
 * <p>Tokens are an estimate: engines send a token a chunk, so the chunks with content are counted,
 * unless they are longer than {@value #LONG_CHUNK_BYTES} bytes on average; then bytes / 4, as for
 * input. A provider's own count in the stream is taken instead where there is one. An engine that
 * sends several tokens at once ({@code --stream-interval}, speculative decoding) sends longer
 * chunks too, and may come to be counted low or high: then the answer may be longer or shorter than
 * the client's limit by that. Certain is only that no chunk holds less than a token; so an answer
 * is taken for whole by that alone ({@link #hasAllItsTokens}).
 *
 * <p>One request, one of these, made with the attempt whose content comes first and kept through
 * all that continue it. Not thread-safe.
 */
public final class Shown {
  /** The most text that is kept to be sent again, in bytes, escaped. */
  public static final int MAX_BYTES = 256 * 1024;

  private static final int LONG_CHUNK_BYTES = 16;
  private static final int BYTES_PER_TOKEN = 4;

  private final ScannedRequest request;
  private final AnswerHead head;
  private final ContinuationMemory.Share memory;
  private final KeptText text;
  private final ChunkFacts.Form form;
  private final boolean isText;
  private @Nullable Obstacle seen;
  private @Nullable Obstacle unkept;
  private long inputTokens;
  private boolean told;
  private long tokensBefore;

  /** How many of those nobody counted, which may be fewer. */
  private long uncertainBefore;

  private long echoedBytes;
  private long chunks;
  private long contentBytes;

  /**
   * Nothing yet.
   *
   * @param fallbackId the {@code id} that the client sees if the provider gives none
   * @param memory the request's, for the text
   */
  public Shown(ScannedRequest request, String fallbackId, ContinuationMemory.Share memory) {
    this.request = request;
    this.memory = memory;
    this.text = new KeptText(memory);
    this.isText = isText(request.operation());
    this.echoedBytes = request.echoedBytes();
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
    if (facts.hasUsage() && (request.choices() == 1 || !facts.hasChoices())) {
      counted(facts.usage()); // of several choices, those with them tell of one each
    }
  }

  /** Tells what it looks at for each chunk: itself, and what it is made of. */
  public void eachPart(Consumer<Object> to) {
    to.accept(this);
    to.accept(head);
    text.eachPart(to);
  }

  /** Nobody could go on with it: its text is not kept, all else is. */
  public void nobodyContinues() {
    unkept = Obstacle.NOBODY;
  }

  /** What stands in the way of continuing it anywhere; null if nothing does. */
  public @Nullable Obstacle obstacle() {
    Obstacle asked = Obstacle.of(request);
    if (asked != null) {
      return asked;
    }
    if (seen != null) {
      return seen;
    }
    if (unkept != null) {
      return unkept;
    }
    if (text.length() == 0) {
      return Obstacle.NOTHING_SHOWN;
    }
    return hasHalfInside() ? Obstacle.HALF_CHARACTER : null;
  }

  /** Output tokens so far, reasoning included; an estimate. */
  public long generatedTokens() {
    long bytes = contentBytes - echoedBytes;
    boolean longChunks = bytes > LONG_CHUNK_BYTES * chunks;
    return tokensBefore + (longChunks ? bytes / BYTES_PER_TOKEN : chunks);
  }

  /**
   * How many tokens the rest may have; an estimate. Where it would be none, though fewer are
   * certain than there may be, the estimate is worth nothing: then it is half of what may be left,
   * which is wrong by no more than that.
   *
   * @param maxOutput the most of the whole answer; 0 for no limit
   * @return at least 0, which is certain; {@link Long#MAX_VALUE} for no limit
   */
  public long remainingTokens(long maxOutput) {
    if (maxOutput == 0) {
      return Long.MAX_VALUE;
    }
    long left = maxOutput - generatedTokens();
    return left > 0 ? left : (Math.max(0, maxOutput - certainTokens()) + 1) / 2;
  }

  /**
   * Whether it is text that lacks nothing but its {@code finish_reason}: it has as many tokens as
   * it may have.
   *
   * @param maxOutput as above
   */
  public boolean hasAllItsTokens(long maxOutput) {
    Obstacle obstacle = obstacle();
    return (obstacle == null || obstacle == unkept) && hasCertainly(maxOutput);
  }

  /** Whether it has so many tokens for sure; never if there is no limit, which is 0. */
  boolean hasCertainly(long maxOutput) {
    return maxOutput > 0 && certainTokens() >= maxOutput;
  }

  /** Those that were counted by who wrote them, and one for each chunk since. */
  private long certainTokens() {
    return tokensBefore - uncertainBefore + chunks;
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
    return text.whole();
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
    uncertainBefore = generatedTokens() - certainTokens();
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
      echoedBytes = 0;
    }
  }

  void note(ChunkFacts facts) {
    if (seen == null) {
      seen = Obstacle.in(facts);
      letGoIfHindered();
    }
  }

  void append(byte[] bytes, int from, int to) {
    if (seen == null && unkept == null) {
      keep(bytes, from, to);
      letGoIfHindered();
    }
  }

  /** What the request hinders is looked at for each block, and not at all for a short answer. */
  private void keep(byte[] bytes, int from, int to) {
    if (text.length() > 0 && !text.hasRoomFor(to - from)) {
      seen = Obstacle.of(request);
    }
    if (text.length() + to - from > MAX_BYTES) {
      unkept = Obstacle.TOO_LONG;
    } else if (seen == null && !text.append(bytes, from, to)) {
      unkept = Obstacle.NO_MEMORY;
      memory.counts();
    }
  }

  private void letGoIfHindered() {
    if ((seen != null || unkept != null) && text.length() > 0) {
      text.clear();
    }
  }

  static boolean isText(Operation operation) {
    return operation == Operation.CHAT_COMPLETIONS || operation == Operation.COMPLETIONS;
  }

  /** Half a surrogate pair that is not the last thing shown: its other half cannot come. */
  private boolean hasHalfInside() {
    Characters characters = new Characters(text.whole());
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
