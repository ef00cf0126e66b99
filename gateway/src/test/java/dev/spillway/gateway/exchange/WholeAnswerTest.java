package dev.spillway.gateway.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.TenantId;
import dev.spillway.wire.aggregate.AnswerMemory;
import dev.spillway.wire.chat.Operation;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.LeakPresenceDetector;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WholeAnswerTest {
  private static final TenantId TENANT = new TenantId("team-a");
  private static final int MAX_BYTES = 1_024;
  private static final String VECTORS =
      "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5]}],"
          + "\"model\":\"m\",\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}";

  private static final int MOST = 1 << 20;
  private static final String LONG = " ".repeat(LongBodies.LONG_BYTES) + VECTORS;

  private final RecordedMeaning meaning = new RecordedMeaning();
  private final AnswerMemory memory = new AnswerMemory(1 << 20);
  private final Deque<Runnable> beside = new ArrayDeque<>();
  private final WholeAnswer answer = answer(MAX_BYTES, memory.share(TENANT));

  @AfterEach
  void leaksNothing() {
    answer.release();
    LeakPresenceDetector.check();
  }

  @Test
  void sendsNothingBeforeItIsWhole() {
    feed(VECTORS.substring(0, 20));
    answer.readComplete();
    assertThat(meaning.relayed).isEmpty();

    feed(VECTORS.substring(20));
    answer.complete();

    assertThat(meaning.relayed.toString()).isEqualTo(VECTORS);
    assertThat(meaning.ends).containsExactly("whole");
  }

  @Test
  void takesNoAnswerWithoutEnd() {
    feed("[".repeat(MAX_BYTES));
    feed("[");
    feed("[");
    answer.complete();

    assertThat(meaning.ends).containsExactly("BAD_ANSWER");
  }

  /** Else one tenant that asks for many vectors at once takes the deployment from all others. */
  @Test
  void blamesNobodyForALongAnswerThatWasAskedFor() {
    feed(VECTORS.substring(0, 80));
    feed("0".repeat(MAX_BYTES));
    answer.complete();

    assertThat(meaning.ends).containsExactly("INVALID_REQUEST");
  }

  @Test
  void saysNothingOnceItIsReleased() {
    feed(VECTORS);

    answer.release();
    answer.complete();

    assertThat(meaning.ends).isEmpty();
  }

  @Test
  void holdsNoMoreThanThereIsMemoryForInAllAnswers() {
    AnswerMemory memory = new AnswerMemory(16 << 10);
    WholeAnswer first = answer(1 << 20, memory.share(TENANT));
    WholeAnswer second = answer(1 << 20, memory.share(TENANT));
    feed(first, "[".repeat(16 << 10));
    assertThat(memory.takenBytes()).isEqualTo(8 << 10);

    feed(second, "[".repeat(8 << 10));
    assertThat(meaning.ends).isEmpty();
    feed(second, "[".repeat(9 << 10));
    assertThat(meaning.ends).containsExactly("no room");
    assertThat(memory.refused()).isEqualTo(1);

    first.release();
    assertThat(memory.takenBytes()).isZero();
  }

  /** Else all clients of the loop wait until it is read. */
  @Test
  void isReadBesideTheLoopIfItIsLong() {
    WholeAnswer answer = answer(MOST, memory.share(TENANT));
    feed(answer, LONG);

    answer.complete();
    assertThat(meaning.ends).isEmpty();
    beside.remove().run();

    assertThat(meaning.relayed.toString()).isEqualTo(LONG);
    assertThat(meaning.ends).containsExactly("whole");
  }

  @Test
  void isReadOnTheLoopIfTooManyWait() {
    WholeAnswer answer =
        answer(
            MOST,
            memory.share(TENANT),
            task -> {
              throw new RejectedExecutionException();
            });
    feed(answer, LONG);

    answer.complete();

    assertThat(meaning.ends).containsExactly("whole");
  }

  /** Its bytes are not used for something else while they are read. */
  @Test
  void holdsWhatIsReadBesideTheLoopUntilItIsRead() {
    WholeAnswer answer = answer(MOST, memory.share(TENANT));
    feed(answer, LONG);
    answer.complete();

    answer.release();
    assertThat(memory.takenBytes()).isPositive();
    beside.remove().run();

    assertThat(memory.takenBytes()).isZero();
    assertThat(meaning.ends).isEmpty();
  }

  @Test
  void isNoneIfItIsLongAndBroken() {
    WholeAnswer answer = answer(MOST, memory.share(TENANT));
    feed(answer, LONG.substring(0, LONG.length() - 1));

    answer.complete();
    beside.remove().run();

    assertThat(meaning.ends).containsExactly("BAD_ANSWER");
    assertThat(memory.takenBytes()).isZero();
  }

  private WholeAnswer answer(int maxBytes, AnswerMemory.Share held) {
    return answer(maxBytes, held, beside::add);
  }

  private WholeAnswer answer(int maxBytes, AnswerMemory.Share held, Executor threads) {
    return new WholeAnswer(
        Operation.EMBEDDINGS,
        null,
        null,
        new Via(
            meaning,
            ByteBufAllocator.DEFAULT,
            maxBytes,
            held,
            new LongBodies.OfLoop(threads, ImmediateEventExecutor.INSTANCE),
            RecordedMeaning.ERRORS));
  }

  private void feed(String bytes) {
    feed(answer, bytes);
  }

  private static void feed(WholeAnswer answer, String bytes) {
    answer.content(RecordedMeaning.read(bytes.getBytes(UTF_8)));
  }
}
