package dev.spillway.gateway.exchange;

import dev.spillway.wire.json.ByteSlice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** How the hub ends a stream of chat or completions: with what the provider left unsaid. */
final class StreamEnd {
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final int BYTES = 512;

  private StreamEnd() {}

  /** Our own {@code [DONE]}. */
  static ByteBuf done(ByteBufAllocator allocator) {
    return Room.around(allocator, BYTES).writeBytes(DONE);
  }

  /** The same, behind a usage that the client asked for and nobody told. */
  static ByteBuf doneWithUsage(Passage passage, ByteBufAllocator allocator) {
    ByteBuf end = Room.around(allocator, BYTES);
    own(passage.shown().usageEvent(), passage, end);
    return end.writeBytes(DONE);
  }

  /** The {@code finish_reason} of an answer that has all the tokens it may have. */
  static ByteBuf length(Passage passage, ByteBufAllocator allocator) {
    ByteBuf end = Room.around(allocator, BYTES);
    own(passage.shown().lengthEvent(), passage, end);
    return end;
  }

  private static void own(ByteSlice event, Passage passage, ByteBuf to) {
    passage.own(event);
    to.writeBytes(event.array(), event.offset(), event.length());
  }
}
