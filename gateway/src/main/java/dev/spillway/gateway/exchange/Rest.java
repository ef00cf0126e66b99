package dev.spillway.gateway.exchange;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.resume.Seam;
import dev.spillway.wire.resume.Shown;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.StreamRepair.Repaired;
import org.jspecify.annotations.Nullable;

/** The rest of an answer, joined to what the client has of it. */
final class Rest implements Passage {
  private final Seam seam;
  private final Shown shown;

  Rest(Seam seam, Shown shown) {
    this.seam = seam;
    this.shown = shown;
  }

  @Override
  public Repaired pass(SseEvent event) {
    return seam.repair(event);
  }

  @Override
  public boolean isOver() {
    return seam.stopped();
  }

  @Override
  public @Nullable String failure() {
    return seam.failure();
  }

  @Override
  public Shown shown() {
    return shown;
  }

  /** Both parts together: what the provider says of its own alone is not what the client got. */
  @Override
  public Usage usage(@Nullable Usage provider) {
    Usage joined = seam.usage();
    return joined != null ? joined : shown.usage();
  }
}
