package dev.spillway.wire.sse;

/** Makes what a provider streams fit for the client; one attempt, one repair. */
public interface ChunkRepair {
  /** Judges a chunk of the answer; called for each, in order. */
  StreamRepair.Repaired repair(SseEvent event);
}
