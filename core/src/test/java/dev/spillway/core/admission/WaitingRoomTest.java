package dev.spillway.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.admission.WaitingRoom.Turn;
import dev.spillway.core.model.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {
  private static final long SECOND = 1_000_000_000;
  private static final long NEVER = 1_000_000 * SECOND;

  private final WaitingRoom<String> room = new WaitingRoom<>(RoomTuning.DEFAULT);
  private final List<String> out = new ArrayList<>();

  @Test
  void keepsTheOrderInsideAFlow() {
    enter("a1", "a", 100);
    enter("a2", "a", 1);
    enter("a3", "a", 50);

    serve(2);
    serve(9);

    assertThat(out).containsExactly("a1", "a2", "a3");
    assertThat(room.size()).isZero();
  }

  @Test
  void servesTheHigherPriorityFirst() {
    enter("low", "a", "pool", Priority.LOW, 1, NEVER);
    enter("normal", "b", "pool", Priority.NORMAL, 1, NEVER);
    enter("high", "c", "pool", Priority.HIGH, 1, NEVER);

    serve(9);

    assertThat(out).containsExactly("high", "normal", "low");
  }

  @Test
  void flowsSendAsManyTokensAsOneAnotherHoweverLongTheirRequestsAre() {
    for (int i = 0; i < 400; i++) {
      enter("long" + i, "a", 8_000);
      for (int j = 0; j < 10; j++) {
        enter("short" + i + "." + j, "b", 800);
      }
    }

    serve(220);

    long shorts = out.stream().filter(who -> who.startsWith("short")).count();
    assertThat(shorts * 800.0 / ((220 - shorts) * 8_000.0)).isBetween(0.9, 1.1);
  }

  @Test
  void aTurnCutShortGoesOnWhenThereIsRoom() {
    for (int i = 0; i < 4; i++) {
      enter("a" + i, "a", 1_000);
      enter("b" + i, "b", 1_000);
    }

    for (int i = 0; i < 8; i++) {
      serve(1);
    }

    assertThat(out).containsExactly("a0", "a1", "a2", "a3", "b0", "b1", "b2", "b3");
  }

  @Test
  void nobodyOvertakesOneThatFoundNoRoomInItsPool() {
    enter("large", "a", 3_000);
    enter("small", "b", 10);
    List<String> asked = new ArrayList<>();

    room.serve(
        0,
        who -> {
          asked.add(who);
          return Turn.FINDS_NO_ROOM;
        });

    assertThat(asked).containsExactly("large");
  }

  @Test
  void remembersNobodyWhoLeftWhileOneWaitsForLong() {
    enter("blocked", "a", "full pool", Priority.NORMAL, 10, NEVER);
    for (int i = 0; i < 100_000; i++) {
      String passes = "passes" + i;
      enter(passes, "b", "pool", Priority.NORMAL, 10, NEVER + i);
      room.leave(passes, 0);
    }

    assertThat(room.size()).isEqualTo(1);
    assertThat(room.deadlinesKept()).isLessThan(100);
  }

  @Test
  void aFullPoolDoesNotHoldUpAnother() {
    enter("eu", "a", "eu-pool", Priority.NORMAL, 10, NEVER);
    enter("us", "b", "us-pool", Priority.NORMAL, 10, NEVER);

    room.serve(
        0,
        who -> {
          if (who.equals("eu")) {
            return Turn.FINDS_NO_ROOM;
          }
          out.add(who);
          return Turn.GOES;
        });

    assertThat(out).containsExactly("us");
  }

  @Test
  void oneThatWaitsForItsOwnReasonsHoldsUpThoseOfItsFlowOnlyThatWaitForTheSame() {
    enter("a1", "a", 10);
    enter("a2", "a", 10);
    enter("a3", "a", "another pool", Priority.NORMAL, 10, NEVER);
    enter("b1", "b", 10);

    serveAllBut("a1", Turn.LETS_OTHERS_PASS);

    assertThat(out).containsExactly("a3", "b1");
  }

  @Test
  void aFullPoolDoesNotHoldUpThoseOfTheSameFlowThatWaitForAnother() {
    enter("a1", "a", "full", Priority.NORMAL, 10, NEVER);
    enter("a2", "a", "full", Priority.NORMAL, 10, NEVER);
    enter("a3", "a", "free", Priority.NORMAL, 10, NEVER);
    enter("a4", "a", "free", Priority.NORMAL, 10, NEVER);

    serveAllBut("a1", Turn.FINDS_NO_ROOM);

    assertThat(out).containsExactly("a3", "a4");
    serve(9);
    assertThat(out).containsExactly("a3", "a4", "a1", "a2");
  }

  /** However much else of its flow went in the meantime, so that it is another's turn. */
  @Test
  void oneThatFoundNoRoomIsAskedFirstFromThenOn() {
    enter("large", "a", "full", Priority.NORMAL, 3_000, NEVER);
    for (int i = 0; i < 5; i++) {
      enter("a" + i, "a", "free", Priority.NORMAL, 1_000, NEVER);
    }
    enter("b0", "b", "another", Priority.NORMAL, 1_000, NEVER);
    room.serve(
        0,
        who -> {
          if (who.equals("large")) {
            return Turn.FINDS_NO_ROOM;
          }
          return who.equals("b0") ? Turn.LETS_OTHERS_PASS : Turn.GOES;
        });
    enter("b1", "b", "full", Priority.NORMAL, 10, NEVER);

    serve(9);

    assertThat(out).containsExactly("large", "b0", "b1");
  }

  @Test
  void asksNoMoreOfThoseWhoFindNoRoomThanOneOfEachPool() {
    for (int i = 0; i < 1_000; i++) {
      enter("a" + i, "a", "one", Priority.NORMAL, 10, NEVER);
      enter("b" + i, "b", "one", Priority.NORMAL, 10, NEVER);
      enter("c" + i, "b", "another", Priority.NORMAL, 10, NEVER);
    }
    List<String> asked = new ArrayList<>();

    for (int i = 0; i < 3; i++) {
      room.serve(
          0,
          who -> {
            asked.add(who);
            return Turn.FINDS_NO_ROOM;
          });
    }

    assertThat(asked).containsExactly("a0", "c0", "a0", "c0", "a0", "c0");
  }

  @Test
  void tellsThoseWhoseDeadlineIsHereTheEarliestFirst() {
    enter("second", "a", "pool", Priority.NORMAL, 1, 2 * SECOND);
    enter("first", "b", "pool", Priority.NORMAL, 1, SECOND);
    enter("later", "a", "pool", Priority.NORMAL, 1, 9 * SECOND);
    assertThat(room.earliestDeadlineNanos()).isEqualTo(SECOND);

    room.expire(2 * SECOND, out::add);

    assertThat(out).containsExactly("first", "second");
    assertThat(room.size()).isEqualTo(1);
  }

  @Test
  void turnsAwayWhoCannotMakeTheDeadlineAtThisRate() {
    for (int i = 0; i < 100; i++) {
      enter("a" + i, "a", 1_000);
    }
    for (int second = 1; second <= 10; second++) {
      long now = second * SECOND;
      serveAt(1, now);
    }

    Admission late =
        room.enter(ticket("late", "b", "pool", Priority.NORMAL, 1, 40 * SECOND), 10 * SECOND);
    Admission patient =
        room.enter(ticket("patient", "b", "pool", Priority.NORMAL, 1, 200 * SECOND), 10 * SECOND);

    assertThat(late)
        .isInstanceOfSatisfying(
            Admission.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(Admission.Reason.DEADLINE_TOO_NEAR);
              assertThat(rejected.retryAfter())
                  .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(90));
            });
    assertThat(patient).isInstanceOf(Admission.Queued.class);
  }

  @Test
  void isBoundedInRequestsAndInBytes() {
    WaitingRoom<String> small = new WaitingRoom<>(new RoomTuning(2, 1_000, 4_000, 10));
    small.enter(ticket("a", "a", "pool", Priority.NORMAL, 1, NEVER), 0);

    Ticket<String> heavy = new Ticket<>("heavy", "a", "pool", Priority.NORMAL, 1, 1_001, NEVER);
    assertThat(small.enter(heavy, 0)).isInstanceOf(Admission.Rejected.class);
    small.enter(ticket("b", "a", "pool", Priority.NORMAL, 1, NEVER), 0);
    Admission third = small.enter(ticket("c", "a", "pool", Priority.NORMAL, 1, NEVER), 0);

    assertThat(((Admission.Rejected) third).reason()).isEqualTo(Admission.Reason.QUEUE_FULL);
  }

  /** A flow that asks without end leaves an eighth of the places, and of the bytes, to others. */
  @Test
  void keepsPlacesForWhoComesAfterOneThatWantsAll() {
    WaitingRoom<String> small = new WaitingRoom<>(new RoomTuning(80, 1_000_000, 4_000, 10));
    for (int i = 0; i < 200; i++) {
      small.enter(ticket("hog-" + i, "hog", "pool", Priority.NORMAL, 1, NEVER), 0);
    }

    assertThat(small.size()).isEqualTo(70);
    assertThat(small.enter(ticket("other", "other", "pool", Priority.LOW, 1, NEVER), 0))
        .isInstanceOf(Admission.Queued.class);
  }

  @Test
  void keepsRoomForWhoComesAfterOneThatIsHeavy() {
    WaitingRoom<String> small = new WaitingRoom<>(new RoomTuning(1_000, 8_000, 4_000, 10));
    String first = "hog";
    small.enter(ticket(first, "hog", "pool", Priority.NORMAL, 1, NEVER), 0);
    for (int i = 1; i < 200; i++) {
      small.enter(ticket("hog-" + i, "hog", "pool", Priority.NORMAL, 1, NEVER), 0);
    }

    assertThat(small.size()).isEqualTo(70);
    small.leave(first, 0);
    assertThat(small.enter(ticket("again", "hog", "pool", Priority.NORMAL, 1, NEVER), 0))
        .isInstanceOf(Admission.Queued.class);
    assertThat(small.enter(ticket("other", "other", "pool", Priority.NORMAL, 1, NEVER), 0))
        .isInstanceOf(Admission.Queued.class);
  }

  @Test
  void whoLeavesIsNotCalled() {
    enter("a", "a", 1);
    enter("b", "a", 1);

    assertThat(room.leave("a", 0)).isTrue();
    assertThat(room.leave("a", 0)).isFalse();
    serve(9);

    assertThat(out).containsExactly("b");
    assertThat(room.earliestDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
  }

  /** Everybody gets out exactly once, and no flow waits for ever while others are served. */
  @RepeatedTest(50)
  void losesNobodyAndStarvesNobody(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Map<String, Integer> enteredAt = new HashMap<>();
    Set<String> inside = new HashSet<>();
    long now = 0;
    for (int step = 0; step < 2_000; step++) {
      now += SECOND / 100;
      int at = step;
      if (random.nextInt(3) == 0 && step < 1_500) {
        String who = "r" + step;
        String flow = "flow" + random.nextInt(5);
        Admission admission =
            room.enter(
                ticket(who, flow, "pool", Priority.NORMAL, 1 + random.nextInt(9_000), NEVER), now);
        if (admission instanceof Admission.Queued) {
          enteredAt.put(who, step);
          inside.add(who);
        }
      }
      if (random.nextInt(20) == 0 && !inside.isEmpty()) {
        String who = inside.iterator().next();
        assertThat(room.leave(who, now)).as("seed %d", seed).isTrue();
        inside.remove(who);
      }
      int[] seats = {random.nextInt(3)};
      room.serve(
          now,
          who -> {
            if (seats[0]-- <= 0) {
              return Turn.FINDS_NO_ROOM;
            }
            assertThat(inside.remove(who)).as("seed %d: %s called twice", seed, who).isTrue();
            assertThat(at - enteredAt.getOrDefault(who, at)).as("seed %d", seed).isLessThan(200);
            return Turn.GOES;
          });
      assertThat(room.size()).as("seed %d", seed).isEqualTo(inside.size());
    }

    assertThat(inside).as("seed %d", seed).isEmpty();
  }

  private void serveAllBut(String waits, Turn how) {
    room.serve(
        0,
        who -> {
          if (who.equals(waits)) {
            return how;
          }
          out.add(who);
          return Turn.GOES;
        });
  }

  private void serve(int seats) {
    serveAt(seats, 0);
  }

  private void serveAt(int seats, long now) {
    int[] left = {seats};
    room.serve(
        now,
        who -> {
          if (left[0]-- <= 0) {
            return Turn.FINDS_NO_ROOM;
          }
          out.add(who);
          return Turn.GOES;
        });
  }

  private void enter(String who, String flow, long tokens) {
    enter(who, flow, "pool", Priority.NORMAL, tokens, NEVER);
  }

  private void enter(
      String who, String flow, String pool, Priority priority, long tokens, long deadline) {
    assertThat(room.enter(ticket(who, flow, pool, priority, tokens, deadline), 0))
        .isInstanceOf(Admission.Queued.class);
  }

  private static Ticket<String> ticket(
      String who, String flow, String pool, Priority priority, long tokens, long deadline) {
    return new Ticket<>(who, flow, pool, priority, tokens, 100, deadline);
  }
}
