package dev.spillway.gateway.exchange;

import dev.spillway.wire.aggregate.AnswerMemory;
import io.netty.buffer.ByteBufAllocator;

/**
 * What a reader works with.
 *
 * @param meaning is told what is read
 * @param allocator of the buffers that go to the client
 * @param maxEventBytes the longest event, or answer that comes all at once, that is taken
 * @param held memory for what is held until all of it came
 * @param longBodies reads an answer that takes long beside the loop
 * @param errors what the provider's errors mean
 */
record Via(
    AnswerReader.Meaning meaning,
    ByteBufAllocator allocator,
    int maxEventBytes,
    AnswerMemory.Share held,
    LongBodies.OfLoop longBodies,
    ProviderErrors errors) {
  Via telling(AnswerReader.Meaning another) {
    return new Via(another, allocator, maxEventBytes, held, longBodies, errors);
  }

  Via taking(int bytes) {
    return new Via(meaning, allocator, bytes, held, longBodies, errors);
  }
}
