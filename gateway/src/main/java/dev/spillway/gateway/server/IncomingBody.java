package dev.spillway.gateway.server;

import dev.spillway.core.admission.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request as it comes: on the heap, in one piece, paid for from the budget.
 *
 * <p>Room grows with what came, never with what is promised: it doubles, up to the promised length,
 * so that of a large file no byte is moved more than once on average; and a body whose first half
 * comes in one read is never moved.
 *
 * <p>Event loop only. Owns the bytes until they are {@link #take taken}; what was paid is given
 * back by {@link #drop}, once, whoever owns the bytes then.
 */
final class IncomingBody {
  private static final int FIRST_ROOM_BYTES = 8 << 10;

  private static final long WORTH_DISCARDING_BYTES = 64 << 10;

  /**
   * What comes at no less than this on average is waited for, however long it is: a tenth of what a
   * poor line sends, and of the longest form a quarter of an hour. A drop now and then earns
   * milliseconds.
   */
  static final int SLOWEST_BYTES_A_SECOND = 64 << 10;

  private static final long NANOS_A_SECOND = 1_000_000_000;

  private final ByteBufAllocator allocator;
  private final MemoryBudget.Part budget;
  private final long expectedBytes;
  private @Nullable ByteBuf bytes = Unpooled.EMPTY_BUFFER;
  private long paidBytes;
  private int earnedFor;

  /**
   * Nothing yet.
   *
   * @param expectedBytes what the client promises, or the most that is taken if it does not
   */
  IncomingBody(ByteBufAllocator allocator, MemoryBudget.Part budget, long expectedBytes) {
    this.allocator = allocator;
    this.budget = budget;
    this.expectedBytes = expectedBytes;
  }

  /**
   * Whether the body of a request that is refused is so short that it is read to its end, and the
   * connection lives on. Who asks first sends nothing before it is told.
   */
  static boolean isWorthDiscarding(RequestHead head) {
    BodyFields body = head.fields().body();
    return !body.asksFirst() && !body.isChunked() && head.bodyBytes() <= WORTH_DISCARDING_BYTES;
  }

  int length() {
    return here().readableBytes();
  }

  /** The time that what came since this was asked last may have taken. */
  long earnedNanos() {
    long came = (long) length() - earnedFor;
    earnedFor = length();
    return came * NANOS_A_SECOND / SLOWEST_BYTES_A_SECOND;
  }

  /** Appends what came; false if there is no memory for it. The reference stays the caller's. */
  boolean add(ByteBuf piece) {
    int more = piece.readableBytes();
    int needed = here().writerIndex() + more;
    boolean hasRoom = needed <= here().capacity();
    if (hasRoom || makeRoom(usualRoom(needed, more)) || makeRoom(needed)) {
      here().writeBytes(piece);
      return true;
    }
    return false;
  }

  /** The bytes, which are the caller's from now on. */
  ByteBuf take() {
    ByteBuf taken = here();
    bytes = null;
    return taken;
  }

  /** Lets go of what it still has, and gives back what was paid. */
  void drop() {
    if (bytes != null) {
      bytes.release();
      bytes = null;
    }
    budget.giveBack(paidBytes);
    paidBytes = 0;
  }

  private int usualRoom(int needed, int more) {
    int has = here().capacity();
    long usual = has == 0 ? Math.max(FIRST_ROOM_BYTES, 2L * more) : 2L * has;
    return (int) Math.max(needed, Math.min(usual, expectedBytes));
  }

  /** Pays for all of it, whether it is used or not: that is what the bytes of others lack. */
  private boolean makeRoom(int room) {
    if (!budget.tryTake(room - paidBytes, paidBytes)) {
      return false;
    }
    paidBytes = room;
    if (here().capacity() == 0) {
      bytes = allocator.heapBuffer(room);
    } else {
      here().capacity(room);
    }
    return true;
  }

  private ByteBuf here() {
    return Objects.requireNonNull(bytes, "the body was taken");
  }
}
