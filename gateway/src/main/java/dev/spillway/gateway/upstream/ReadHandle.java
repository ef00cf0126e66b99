package dev.spillway.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How one connection is read: each time that it is asked for once, into a buffer whose size follows
 * what came; and first, what will deal with it is fetched ({@link Prefetch}).
 *
 * <p>A read that fills its buffer doubles the next; two in a row that need no quarter of it halve
 * the next. Between {@value #LEAST_BYTES} and {@value #MOST_BYTES} bytes.
 */
final class ReadHandle implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {
  static final int LEAST_BYTES = 512;
  static final int MOST_BYTES = 64 << 10;
  private static final int FIRST_BYTES = 2 << 10;
  private static final Object[] NOTHING = {};

  private @Nullable ChannelPipeline pipeline;
  private Object[] needed = NOTHING;
  private Prefetch.Wide[] wide = Prefetch.NO_WIDE;
  private int size = FIRST_BYTES;
  private int attempted;
  private int last;
  private boolean small;

  /** The reads of this pipeline's channel need these objects. */
  void need(ChannelPipeline of, Prefetch prefetch) {
    pipeline = of;
    needed = prefetch.all();
    wide = prefetch.wide();
  }

  /** They need nothing in particular any more; holds on to nothing. */
  void needNothing() {
    pipeline = null;
    needed = NOTHING;
    wide = Prefetch.NO_WIDE;
  }

  @Override
  public ExtendedHandle newHandle() {
    return this;
  }

  @Override
  public void reset(ChannelConfig config) {
    if (pipeline != null) {
      fetch(pipeline);
    }
  }

  @Override
  public ByteBuf allocate(ByteBufAllocator allocator) {
    return allocator.ioBuffer(size);
  }

  @Override
  public int guess() {
    return size;
  }

  @Override
  public void incMessagesRead(int messages) {}

  @Override
  public void lastBytesRead(int bytes) {
    last = bytes;
  }

  @Override
  public int lastBytesRead() {
    return last;
  }

  @Override
  public void attemptedBytesRead(int bytes) {
    attempted = bytes;
  }

  @Override
  public int attemptedBytesRead() {
    return attempted;
  }

  /** Whoever wants more asks for it. */
  @Override
  public boolean continueReading() {
    return false;
  }

  @Override
  public boolean continueReading(UncheckedBooleanSupplier isThereMore) {
    return false;
  }

  @Override
  public void readComplete() {
    boolean wasSmall = small;
    small = last < size / 4;
    if (last == size) {
      size = Math.min(2 * size, MOST_BYTES);
    } else if (small && wasSmall) {
      size = Math.max(size / 2, LEAST_BYTES);
      small = false;
    }
  }

  /** Reads a word of each. What is read must seem to matter, or the compiler leaves it out. */
  private void fetch(ChannelPipeline pipeline) {
    boolean never = pipeline.firstContext() == null;
    for (Object each : needed) {
      never |= each.getClass() == ReadHandle.class;
    }
    int touched = 0;
    for (Prefetch.Wide each : wide) {
      touched += each.touch() ? 1 : 0;
    }
    if (never || touched > wide.length) {
      needNothing();
    }
  }
}
