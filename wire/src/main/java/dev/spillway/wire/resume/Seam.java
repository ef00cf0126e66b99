package dev.spillway.wire.resume;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.ChunkFacts;
import dev.spillway.wire.chat.EstimatedUsage;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.Member;
import dev.spillway.wire.sse.ChunkChanges;
import dev.spillway.wire.sse.ChunkRepair;
import dev.spillway.wire.sse.ChunkRewrite;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.StreamRepair.Repaired;
import dev.spillway.wire.sse.StreamRepair.UsageChunk;
import org.jspecify.annotations.Nullable;

/**
 * Joins the stream that continues an answer to what the client has of it, so that the client sees
 * one stream.
 *
 * <p>Every chunk gets the first stream's {@code id}, {@code created} and {@code model}, and no
 * second role; chunks that hold nothing are dropped, and so is what follows a {@code
 * finish_reason}, but for the usage, which becomes that of the whole answer ({@link JoinedUsage}).
 * The beginning of the text is held back while it may be an echo, the rest of a stop string, or the
 * other half of a character ({@link Opening}). White space is kept as the engine sends it: a chat
 * template that trims the text it is given makes the engine write the white space at its end anew,
 * and that cannot be told from white space that belongs there.
 *
 * <p>What passes is added to {@link Shown}, so that the next seam, if this stream is cut too, joins
 * to all of it. One attempt, one seam; allocates for each chunk, since each is another's. Not
 * thread-safe.
 */
public final class Seam implements ChunkRepair {
  private static final Repaired DROPPED = new Repaired.Dropped();
  private static final ByteSlice NOTHING = ByteSlice.of("");

  private final Shown shown;
  private final UsageChunk usageChunk;
  private final JoinedUsage joined;
  private final ChunkRewrite rewrite;
  private final ChunkChanges unchangedText;
  private @Nullable Opening opening;
  private @Nullable Usage usage;
  private @Nullable String failure;
  private boolean finished;
  private boolean stopped;
  private long pendingChunks;
  private long pendingBytes;

  /**
   * Between what is shown and the attempt that begins now.
   *
   * @param body the client's, which {@code request} was scanned from; only read here
   * @param usageChunk whether the usage is for the client
   */
  public Seam(ScannedRequest request, ByteSlice body, Shown shown, UsageChunk usageChunk) {
    this.shown = shown;
    this.usageChunk = usageChunk;
    this.joined = new JoinedUsage(shown);
    this.rewrite = new ChunkRewrite(shown.form());
    this.unchangedText = changes(null);
    Opening begin =
        new Opening(
            shown.escaped(), shown.generatedTokens(), StopStrings.of(field(request, body, "stop")));
    this.opening = begin.isNeeded() ? begin : null;
    shown.beginPart();
  }

  /**
   * Judges an event of the continuation: each chunk, in order. What is told to be sent is shown.
   */
  @Override
  public Repaired repair(SseEvent event) {
    ChunkFacts facts = shown.factsOf(event);
    if (facts == null || stopped || failure != null) {
      return DROPPED;
    }
    if (facts.hasUsage()) {
      usage = joined.of(facts);
    }
    if (!facts.hasChoices()) {
      return withoutChoices(event, facts);
    }
    if (finished) {
      return DROPPED;
    }
    if (facts.hasReasoning()) {
      return fail("began to reason in the middle of the answer");
    }
    if (facts.texts() > 1) {
      return fail("sent several answers");
    }
    finished = facts.finishedChoices() > 0;
    return opening == null ? pass(event, facts) : open(event, facts, opening);
  }

  /**
   * Whether the answer ended at a stop string that lies across the seam: it is whole, and nothing
   * more of the provider is needed.
   */
  public boolean stopped() {
    return stopped;
  }

  /** Why the stream cannot be joined, for people; then the attempt has failed. Null if it can. */
  public @Nullable String failure() {
    return failure;
  }

  /** The usage of the whole answer; null if the provider told none for its part. */
  public @Nullable Usage usage() {
    return stopped ? null : usage;
  }

  private Repaired withoutChoices(SseEvent event, ChunkFacts facts) {
    if (!facts.hasUsage() || usageChunk == UsageChunk.NOT_ASKED) {
      return DROPPED;
    }
    return new Repaired.Replaced(rewrite.event(event, facts, unchangedText));
  }

  private Repaired pass(SseEvent event, ChunkFacts facts) {
    count(facts);
    boolean annotates = shown.form() == ChunkFacts.Form.CHAT && facts.lacksDelta();
    if (!facts.hasContent() && facts.nonText() == null && !finished && !annotates) {
      return DROPPED;
    }
    return sent(event, facts, null);
  }

  private Repaired open(SseEvent event, ChunkFacts facts, Opening begin) {
    count(facts);
    boolean last = finished || facts.nonText() != null;
    Opening.State state = begin.take(textOf(event, facts), last);
    if (begin.echoRemoved()) {
      pendingChunks = Math.min(pendingChunks, 1);
      pendingBytes = Math.min(pendingBytes, begin.text().length());
    }
    return switch (state) {
      case WAITING -> DROPPED;
      case UNJOINABLE -> fail("wrote another character than the one that was half shown");
      case STOPPED -> stop(begin.text());
      case OPEN -> {
        opening = null;
        boolean nothing = begin.text().length() == 0 && !last;
        yield nothing ? DROPPED : sent(event, facts, begin.text());
      }
    };
  }

  /** The chunk; {@code text} null if its own is right. */
  private Repaired sent(SseEvent event, ChunkFacts facts, @Nullable ByteSlice text) {
    ByteSlice goes = text != null ? text : textOf(event, facts);
    remember(goes, facts);
    boolean inPlace = facts.texts() > 0;
    ByteSlice chunk =
        rewrite.event(event, facts, inPlace && text != null ? changes(text) : unchangedText);
    if (inPlace || goes.length() == 0) {
      return new Repaired.Replaced(chunk);
    }
    JsonWriter both = new JsonWriter(chunk.length() + goes.length() + 256);
    both.raw(shown.head().textEvent(goes)).verbatim("").raw(chunk);
    return new Repaired.Replaced(both.written());
  }

  /** Before the rest of a stop string nothing goes but, maybe, the end of a character. */
  private Repaired stop(ByteSlice text) {
    stopped = true;
    shown.count(pendingChunks, pendingBytes);
    ByteSlice end = shown.head().finishEvent("stop");
    if (text.length() == 0) {
      return new Repaired.Replaced(end);
    }
    shown.append(text.array(), text.offset(), text.end());
    JsonWriter both = new JsonWriter(end.length() + 512);
    both.raw(shown.head().textEvent(text)).verbatim("").raw(end);
    return new Repaired.Replaced(both.written());
  }

  private void remember(ByteSlice text, ChunkFacts facts) {
    shown.count(pendingChunks, pendingBytes);
    pendingChunks = 0;
    pendingBytes = 0;
    shown.note(facts);
    shown.append(text.array(), text.offset(), text.end());
    Usage whole = usage;
    if (facts.hasUsage() && whole != null) {
      shown.counted(whole);
    }
  }

  private void count(ChunkFacts facts) {
    if (facts.hasContent()) {
      pendingChunks++;
      pendingBytes += facts.contentBytes();
    }
  }

  private Repaired fail(String why) {
    failure = why;
    return DROPPED;
  }

  private ChunkChanges changes(@Nullable ByteSlice text) {
    AnswerHead head = shown.head();
    return new ChunkChanges(
        head.id(),
        head.created(),
        head.model(),
        ChunkChanges.Role.REMOVE,
        text,
        this::whole,
        joined.isEstimate() ? EstimatedUsage.MARK : null);
  }

  private ByteSlice whole(ByteSlice part) {
    Usage of = usage;
    return of == null ? part : JoinedUsage.written(part, of);
  }

  private static ByteSlice textOf(SseEvent event, ChunkFacts facts) {
    int length = facts.textTo() - facts.textFrom();
    return facts.texts() == 0
        ? NOTHING
        : new ByteSlice(event.dataArray(), facts.textFrom(), length);
  }

  private static @Nullable ByteSlice field(ScannedRequest request, ByteSlice body, String name) {
    Member member = request.fields().find(name);
    if (member == null) {
      return null;
    }
    int from = body.offset() + member.value().from();
    return new ByteSlice(body.array(), from, member.value().to() - member.value().from());
  }
}
