package dev.spillway.gateway.exchange;

import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.gateway.upstream.Prefetch;
import dev.spillway.wire.aggregate.AnswerMemory;
import dev.spillway.wire.chat.AnswerType;
import dev.spillway.wire.error.Refusal;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What the client has of its answer: nothing, not even a status, or a beginning that cannot be
 * taken back. Event loop only.
 */
final class Delivery {
  private final Client client;
  private final Account account;
  private @Nullable Passage passage;
  private boolean begun;

  Delivery(Client client, Account account) {
    this.client = client;
    this.account = account;
  }

  boolean hasBegun() {
    return begun;
  }

  /** The way that what follows goes; null if nothing is kept of it. */
  void comesFrom(@Nullable Passage way) {
    passage = way;
  }

  /** The next bytes of a stream; takes over the reference. Whether the client takes more now. */
  boolean relay(ByteBuf bytes, AnswerType type) {
    if (!begun) {
      begun = true;
      client.begin(account.labels(type));
    }
    client.write(bytes);
    return client.isWritable();
  }

  void addTo(Prefetch chunk) {
    chunk.add(this);
    client.addTo(chunk);
  }

  void flush() {
    if (begun) {
      client.flush();
    }
  }

  /** All of a stream is relayed. */
  void complete() {
    client.complete();
  }

  /** An answer all at once; takes over the reference, and what is held of it. */
  void whole(ByteBuf answer, AnswerType type, AnswerMemory.Share held) {
    client.whole(answer, account.labels(type), held);
  }

  /**
   * No answer comes, or no more of it.
   *
   * @param outcome if nothing came
   * @return how the request ended
   */
  Outcome giveUp(Refusal refusal, Outcome outcome) {
    if (begun) {
      client.breakOff(refusal);
      return Outcome.CUT;
    }
    account.refused(refusal.status());
    client.refuse(refusal, account.labelsOfRefusal());
    return outcome;
  }

  /** Of an answer that is not whole, what the client has was used all the same. */
  void chargeForWhatCame() {
    if (begun && passage != null) {
      account.used(passage.shown().usage());
    }
  }
}
