package dev.spillway.gateway.exchange;

import dev.spillway.gateway.upstream.Prefetch;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.resume.ContinuationMemory;
import dev.spillway.wire.resume.Shown;
import dev.spillway.wire.sse.ChunkRepair;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.StreamRepair;
import dev.spillway.wire.sse.StreamRepair.Repaired;
import dev.spillway.wire.sse.StreamRepair.UsageChunk;
import org.jspecify.annotations.Nullable;

/** The answer from its beginning: put right where clients would stumble, and remembered. */
final class FirstPart implements Passage {
  private static final Repaired AS_IT_IS = new Repaired.AsItIs();
  private static final Repaired DROPPED = new Repaired.Dropped();

  private final ChunkRepair repair;
  private final Shown shown;

  private FirstPart(ChunkRepair repair, Shown shown) {
    this.repair = repair;
    this.shown = shown;
  }

  /**
   * Of one attempt.
   *
   * @param memory the request's, for what is kept
   */
  static FirstPart of(ScannedRequest request, String requestId, ContinuationMemory.Share memory) {
    boolean chat = request.operation() == Operation.CHAT_COMPLETIONS;
    String fallbackId = fallbackId(request, requestId);
    UsageChunk usage = usageChunk(request);
    return new FirstPart(
        chat
            ? new StreamRepair(usage, fallbackId, request.choices())
            : event -> unasked(event, usage),
        new Shown(request, fallbackId, memory));
  }

  /** The {@code id} that the client sees if the provider gives none. */
  static String fallbackId(ScannedRequest request, String requestId) {
    boolean chat = request.operation() == Operation.CHAT_COMPLETIONS;
    return (chat ? "chatcmpl-" : "cmpl-") + requestId;
  }

  static UsageChunk usageChunk(ScannedRequest request) {
    return request.has(Feature.USAGE_CHUNK) ? UsageChunk.ASKED : UsageChunk.NOT_ASKED;
  }

  /** No client was seen to stumble over completions: only what it did not ask for is kept back. */
  private static Repaired unasked(SseEvent event, UsageChunk usage) {
    boolean onlyUsage = event.chunk().hasUsage() && !event.chunk().hasChoices();
    return onlyUsage && usage == UsageChunk.NOT_ASKED ? DROPPED : AS_IT_IS;
  }

  @Override
  public Repaired pass(SseEvent event) {
    shown.add(event);
    return repair.repair(event);
  }

  @Override
  public void addTo(Prefetch chunk) {
    Passage.super.addTo(chunk);
    chunk.add(repair);
  }

  @Override
  public boolean isOver() {
    return false;
  }

  @Override
  public @Nullable String failure() {
    return null;
  }

  @Override
  public Shown shown() {
    return shown;
  }
}
