package dev.spillway.wire.sse;

import dev.spillway.wire.chat.ChunkFacts;
import dev.spillway.wire.chat.FinishedChoices;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;

/**
 * Makes one provider's stream strict: what clients were seen to stumble over is put right, all else
 * passes as it is.
 *
 * <p>Put right: a choice without {@code delta} (Azure's annotations of an asynchronous filter) gets
 * an empty one, a missing or empty {@code id} the stream's, a first chunk without {@code role} the
 * assistant's, an {@code "error":null} goes, and an event of several lines becomes one of one. Of
 * several answers llama.cpp tells the usage of each when that one ends; openai-java takes the first
 * for the end of all, so only the last goes on. A chunk before the first {@code id}, with no
 * choices, passes as it is: no client was seen to mind.
 *
 * <p>Not thread-safe: one attempt, one repair.
 */
public final class StreamRepair implements ChunkRepair {
  /** It is written into every chunk that has none, so a longer one is taken for none. */
  private static final int LONGEST_ID_UNITS = 512;

  private static final Repaired AS_IT_IS = new Repaired.AsItIs();
  private static final Repaired DROPPED = new Repaired.Dropped();

  private final UsageChunk usageChunk;
  private final ChunkRewrite rewrite = new ChunkRewrite(ChunkFacts.Form.CHAT);
  private String id;
  private boolean idIsProviders;
  private boolean idSent;
  private boolean roleSent;
  private final FinishedChoices finished;

  /** Whether the client asked for the usage chunk. */
  public enum UsageChunk {
    /** Pass it on. */
    ASKED,
    /** The hub asked for it; keep it from the client. */
    NOT_ASKED
  }

  /** What to do with an event. */
  public sealed interface Repaired {
    /** Send it as it is. */
    record AsItIs() implements Repaired {}

    /** Send nothing. */
    record Dropped() implements Repaired {}

    /** Send these bytes, one or more whole events, in its place. */
    record Replaced(ByteSlice event) implements Repaired {}
  }

  /** For one attempt at one answer. */
  public StreamRepair(UsageChunk usageChunk, String fallbackId) {
    this(usageChunk, fallbackId, 1);
  }

  /**
   * For one attempt.
   *
   * @param fallbackId the {@code id} of the answer if the provider gives none; not empty
   * @param choices how many answers were asked for, at least 1
   */
  public StreamRepair(UsageChunk usageChunk, String fallbackId, int choices) {
    this.usageChunk = usageChunk;
    this.id = fallbackId;
    this.finished = new FinishedChoices(choices);
  }

  /** Judges a {@link SseEvent.Kind#CHUNK}; called for each, in order. */
  @Override
  public Repaired repair(SseEvent event) {
    ChunkFacts chunk = event.chunk();
    finished.add(chunk);
    if (chunk.hasUsage() && !chunk.hasChoices() && isNotForTheClient()) {
      return DROPPED;
    }
    boolean lacksRole = chunk.hasChoices() && !roleSent && !chunk.hasRole();
    boolean lacksId = !chunk.hasId() && (chunk.hasChoices() || idSent);
    roleSent |= chunk.hasChoices();
    idSent |= chunk.hasId() || lacksId;
    if (chunk.hasId() && !idIsProviders) {
      idIsProviders = true;
      String theirs = rewrite.idOf(event);
      id = theirs.length() <= LONGEST_ID_UNITS ? theirs : id;
    }
    if (!lacksRole
        && !lacksId
        && !chunk.lacksDelta()
        && !chunk.hasNullError()
        && event.isOneLine()) {
      return AS_IT_IS;
    }
    ByteSlice newId = lacksId ? new JsonWriter(64).value(id).written() : null;
    ChunkChanges.Role role = lacksRole ? ChunkChanges.Role.INSERT : ChunkChanges.Role.LEAVE;
    return new Repaired.Replaced(rewrite.event(event, chunk, ChunkChanges.of(newId, role)));
  }

  private boolean isNotForTheClient() {
    boolean ofOneOfSeveral = finished.isAny() && !finished.isAll();
    return usageChunk == UsageChunk.NOT_ASKED || ofOneOfSeveral;
  }
}
