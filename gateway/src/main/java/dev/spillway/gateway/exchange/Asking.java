package dev.spillway.gateway.exchange;

import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.Remainder;
import dev.spillway.gateway.Snapshot;
import dev.spillway.wire.aggregate.AnswerMemory;
import dev.spillway.wire.error.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What the next attempt asks for, and of whom: all of it, or the rest of an answer that broke off.
 * Event loop only.
 */
final class Asking {
  private final Call call;
  private final Journey journey;
  private final Questions questions;
  private Question question;
  private @Nullable BrokenAnswer broken;

  Asking(Call call, ExchangeSetup setup) {
    this.call = call;
    this.journey = call.journey();
    this.questions = new Questions(call, setup);
    this.question = questions.first();
  }

  Question question() {
    return question;
  }

  /** How it broke off; null while all of it is asked for. */
  @Nullable BrokenAnswer broken() {
    return broken;
  }

  /**
   * Whether the rest cannot be asked for any more, since somebody began it with what is no text.
   */
  boolean isSpoilt() {
    return broken != null && broken.remainder() == null;
  }

  /** Asks for the rest, if somebody can go on; false, and nothing changes, if nobody can. */
  boolean goesOnWith(BrokenAnswer answer) {
    Remainder rest = answer.remainder();
    if (rest == null) {
      return false;
    }
    broken = answer;
    question = questions.restOf(answer.passage());
    call.inForce().dispatcher().resumeFrom(journey, rest);
    return true;
  }

  /**
   * The next attempt is decided under the newest configuration, whatever was in force at the door:
   * others may be able to serve it or to go on with it, or nobody. Only while none is under way
   * that asks for the rest.
   */
  void under(Snapshot newest) {
    if (!call.inForce().becomes(newest)) {
      return;
    }
    if (!call.isPinned()) {
      journey.reconsider(newest.offers().able(call.request().operation()));
    }
    Remainder rest = broken == null ? null : broken.remainder();
    if (rest != null) {
      newest.dispatcher().resumeFrom(journey, rest);
    }
  }

  /** Asks anybody for all of it once more: the client has none of it. */
  void anew(BrokenAnswer answer) {
    if (broken != null) {
      call.inForce().dispatcher().resumeFrom(journey, answer.anew());
    }
    broken = null;
    question = questions.first();
  }

  /** A failure, as it is told when it is one of the rest. */
  Trouble told(Trouble what) {
    return broken == null ? what : what.ofTheRest();
  }

  /** What the client is told that has a part: what broke it first, not what nobody could mend. */
  Refusal firstOf(Refusal otherwise) {
    return broken == null ? otherwise : broken.refusal();
  }

  /** What is held of the answer; whoever sends it lets go of that when it is sent. */
  AnswerMemory.Share handOver() {
    return questions.handOver();
  }

  /** Nothing is kept any more. */
  void over() {
    questions.over();
  }
}
