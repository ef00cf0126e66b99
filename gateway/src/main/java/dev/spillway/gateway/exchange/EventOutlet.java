package dev.spillway.gateway.exchange;

import dev.spillway.wire.chat.AnswerType;
import dev.spillway.wire.sse.SseEvent;
import org.jspecify.annotations.Nullable;

/** Where the events of an answer go, one by one, after each was read. */
interface EventOutlet {
  /**
   * Takes an event; it goes on when {@link #send} is called.
   *
   * @param carriesId whether it names the answer by the provider's id of it
   * @param begun whether the answer has begun, by now
   * @return what is wrong with it, or with all of them; null if nothing is
   */
  @Nullable Trouble take(SseEvent event, boolean carriesId, boolean begun);

  /** The answer has begun: what was taken is for the client. */
  void send();

  /** All of it was taken; it ends as what it is. */
  void finish(Tokens tokens);

  /** It is not an answer, or not all of one. */
  void fail(Trouble trouble);

  /** What the client is told that it gets. */
  AnswerType type();

  /** Lets go of what it holds; nothing is told afterwards. */
  void release();
}
