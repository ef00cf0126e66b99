package dev.spillway.gateway.exchange;

import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.RequestShape.Answer;
import dev.spillway.core.model.Usage;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.wire.chat.ScannedRequest.Feature;

/**
 * What the attempts of one request count as.
 *
 * <p>What is made in the background counts when it is begun, by what was expected: nobody need ever
 * come for it, and who does could come again and again. So whoever asks for what is kept is given
 * the usage of its making, and charged for nothing.
 */
final class Bill {
  static final Usage NOTHING = new Usage(0, 0, 0, Usage.Source.ESTIMATED);

  private final Call call;
  private final Journey journey;

  Bill(Call call) {
    this.call = call;
    this.journey = call.journey();
  }

  /** What an attempt used that gave a whole answer. */
  Usage used(Tokens tokens) {
    if (isFree()) {
      return NOTHING;
    }
    return tokens.isLater() ? expected() : tokens.usage(journey.shape().inputTokens());
  }

  /** What the client got for it. */
  Usage billed(Tokens tokens) {
    Usage answer = tokens.answer();
    return answer != null ? answer : used(tokens);
  }

  /** What an attempt is taken to have used that broke off, or was refused. */
  Usage failed(RunningAttempt from, AttemptFailure.Kind how) {
    // One that we gave up may be read, and charged for, while we ask elsewhere.
    return partial(from, from.hasBegun() || how == AttemptFailure.Kind.TIMED_OUT);
  }

  /** What one used that nobody waits for any more: its prompt was sent, whatever came of it. */
  Usage abandoned(RunningAttempt from) {
    return partial(from, true);
  }

  private Usage partial(RunningAttempt from, boolean wasRead) {
    if (isFree()) {
      return NOTHING;
    }
    if (from.hasBegun() && call.request().has(Feature.BACKGROUND)) {
      return expected(); // it goes on without us
    }
    long input = wasRead ? journey.shape().inputTokens() : 0;
    return Tokens.guessed(from.contentBytes()).usage(input);
  }

  private boolean isFree() {
    return journey.shape().answer() == Answer.NO_TOKENS;
  }

  private Usage expected() {
    Demand expected = journey.expected();
    return new Usage(expected.inputTokens(), 0, expected.outputTokens(), Usage.Source.ESTIMATED);
  }
}
