package dev.spillway.gateway.exchange;

import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.events.EventReading;
import io.netty.buffer.ByteBufAllocator;

/** Finds the reader for an answer of status 200, by what was asked. */
final class AnswerReaders {
  private AnswerReaders() {}

  static AnswerReader of(
      AnswerReader.Meaning meaning, Call call, ExchangeSetup setup, ByteBufAllocator allocator) {
    ScannedRequest request = call.request();
    StreamedAnswer.Via via = new StreamedAnswer.Via(meaning, allocator, setup.maxAnswerBytes());
    byte[] scratch = setup.scratch().bytes();
    if (!request.streams()) {
      return new WholeAnswer(meaning, request.operation(), allocator, setup.maxAnswerBytes());
    }
    return request.operation() == Operation.CHAT_COMPLETIONS
        ? new StreamedAnswer(request, call.requestId(), scratch, via)
        : new EventsAnswer(EventReading.of(request), scratch, via, _ -> {});
  }
}
