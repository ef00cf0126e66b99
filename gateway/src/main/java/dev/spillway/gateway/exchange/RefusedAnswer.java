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
  private final NotThere notThere;
  private final Upstream from;
  private final int status;
  private final HeaderLookup headers;
  private @Nullable ByteBuf body;

  RefusedAnswer(
      Meaning meaning,
      NotThere notThere,
      Upstream from,
      int status,
      HeaderLookup headers,
      ByteBufAllocator allocator) {
    this.meaning = meaning;
    this.notThere = notThere;
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
    ErrorObject words = ErrorObject.read(WholeAnswer.slice(all));
    AttemptFailure failure = notThere.meaning(status, words, from.dialect().classify(answer));
    all.release();
    meaning.notAnAnswer(new Trouble(failure, status, words));
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
