package dev.spillway.gateway.exchange;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.Splice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;

/** Composes the pieces of a splice in a buffer. */
final class Spliced {
  private Spliced() {}

  /** The result in a buffer of its own, which the caller owns. */
  static ByteBuf copy(Splice splice, ByteSlice original, ByteBufAllocator allocator) {
    ByteBuf target = allocator.buffer(Math.max(splice.length(), 64));
    write(splice, original, target);
    return target;
  }

  /**
   * The result as a view of the original, of which no byte is copied; it holds references to the
   * original, and the caller owns it.
   */
  static ByteBuf view(Splice splice, ByteBuf original, ByteBufAllocator allocator) {
    CompositeByteBuf view = allocator.compositeBuffer(Integer.MAX_VALUE);
    splice.forEach(
        new Splice.PieceSink() {
          @Override
          public void original(int from, int end) {
            int at = original.readerIndex() + from;
            view.addComponent(true, original.retainedSlice(at, end - from));
          }

          @Override
          public void inserted(ByteSlice bytes) {
            view.addComponent(
                true, Unpooled.wrappedBuffer(bytes.array(), bytes.offset(), bytes.length()));
          }
        });
    return view;
  }

  /** Appends the result. */
  static void write(Splice splice, ByteSlice original, ByteBuf target) {
    splice.forEach(
        new Splice.PieceSink() {
          @Override
          public void original(int from, int end) {
            target.writeBytes(original.array(), original.offset() + from, end - from);
          }

          @Override
          public void inserted(ByteSlice bytes) {
            target.writeBytes(bytes.array(), bytes.offset(), bytes.length());
          }
        });
  }
}
