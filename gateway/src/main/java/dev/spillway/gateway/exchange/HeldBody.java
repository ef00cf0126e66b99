package dev.spillway.gateway.exchange;

import dev.spillway.wire.aggregate.AnswerMemory;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer of which nothing is sent before all of it came, on the heap; paid for as it
 * grows. Event loop only. Owns the bytes until they are {@link #take taken}; while they are lent,
 * it lets go of them only once they are back.
 */
final class HeldBody {
  private static final int FIRST_ROOM_BYTES = 4_096;

  private final AnswerMemory.Share memory;
  private final int maxBytes;
  private @Nullable ByteBuf bytes;
  private long paidBytes;
  private boolean lent;
  private boolean unwanted;

  /** Nothing yet of one that may have so many bytes. */
  HeldBody(Via via) {
    this.memory = via.held();
    this.maxBytes = via.maxEventBytes();
    this.bytes = via.allocator().heapBuffer(FIRST_ROOM_BYTES);
  }

  /** What became of bytes that came. */
  enum Added {
    /** They are here, or nobody wants them any more. */
    YES,
    /** The body is longer than is taken. */
    TOO_LONG,
    /** There is no memory for them. */
    NO_ROOM
  }

  /** Appends what came; the reference stays the caller's. */
  Added add(ByteBuf piece) {
    ByteBuf here = bytes;
    if (here == null) {
      return Added.YES;
    }
    if (piece.readableBytes() > maxBytes - here.readableBytes()) {
      return Added.TOO_LONG;
    }
    int needed = here.readableBytes() + piece.readableBytes();
    if (needed > paidBytes) {
      int room = here.alloc().calculateNewCapacity(needed, here.maxCapacity());
      if (!memory.takes(room - paidBytes)) {
        return Added.NO_ROOM;
      }
      paidBytes = room;
    }
    here.writeBytes(piece);
    return Added.YES;
  }

  /** The bytes so far, still owned by this; null once they are not. */
  @Nullable ByteBuf bytes() {
    return unwanted ? null : bytes;
  }

  /** Another thread reads them, until they are {@link #back}. */
  void lend() {
    lent = true;
  }

  /** Nobody else reads them any more; whether anybody wants them still. */
  boolean back() {
    lent = false;
    if (unwanted) {
      release();
    }
    return bytes != null;
  }

  /** They are somebody else's from now on, and stay paid for. */
  void take() {
    bytes = null;
  }

  /** Lets go of what it has. */
  void release() {
    unwanted = true;
    if (bytes != null && !lent) {
      bytes.release();
      bytes = null;
      memory.giveBack(paidBytes);
    }
  }
}
