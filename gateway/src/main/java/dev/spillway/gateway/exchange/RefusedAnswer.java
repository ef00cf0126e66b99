package dev.spillway.gateway.exchange;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.wire.dialect.FailedAnswer;
import dev.spillway.wire.dialect.HeaderLookup;
import dev.spillway.wire.error.ErrorObject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An answer whose status is not 200: the beginning of its body says what it means. */
final class RefusedAnswer implements AnswerReader {
  private static final int MOST_BYTES = 64 << 10;

  private final Meaning meaning;
  private final boolean pinned;
  private final Upstream from;
  private final int status;
  private final HeaderLookup headers;
  private @Nullable ByteBuf body;

  RefusedAnswer(
      Meaning meaning,
      boolean pinned,
      Upstream from,
      int status,
      HeaderLookup headers,
      ByteBufAllocator allocator) {
    this.meaning = meaning;
    this.pinned = pinned;
    this.from = from;
    this.status = status;
    this.headers = headers;
    this.body = allocator.heapBuffer(512);
  }

  @Override
  public void content(ByteBuf bytes) {
    try {
      if (body == null) {
        return;
      }
      int room = MOST_BYTES - body.readableBytes();
      body.writeBytes(bytes, Math.min(room, bytes.readableBytes()));
      if (bytes.isReadable()) {
        complete();
      }
    } finally {
      bytes.release();
    }
  }

  @Override
  public void readComplete() {
    // Waits for the end, or for enough of it.
  }

  @Override
  public void complete() {
    ByteBuf all = body;
    if (all == null) {
      return;
    }
    body = null;
    FailedAnswer answer = new FailedAnswer(status, headers, WholeAnswer.slice(all), Instant.now());
    AttemptFailure failure = meaningOf(answer);
    ErrorObject words = ErrorObject.read(WholeAnswer.slice(all));
    all.release();
    meaning.notAnAnswer(new Trouble(failure, status, words));
  }

  /** What is not found where it was kept is gone; nothing is wrong with who kept it. */
  private AttemptFailure meaningOf(FailedAnswer answer) {
    AttemptFailure failure = from.dialect().classify(answer);
    return status == 404 && pinned
        ? new AttemptFailure(AttemptFailure.Kind.INVALID_REQUEST, failure.message(), null)
        : failure;
  }

  @Override
  public long contentBytes() {
    return 0;
  }

  @Override
  public long signsOfLife() {
    return 0;
  }

  @Override
  public void release() {
    if (body != null) {
      body.release();
      body = null;
    }
  }
}
