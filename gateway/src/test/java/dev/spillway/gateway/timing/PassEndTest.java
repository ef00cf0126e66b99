package dev.spillway.gateway.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class PassEndTest {
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final PassEnd end = new PassEnd(loop::add);
  private final List<String> ran = new ArrayList<>();

  @Test
  void whatIsPutOffRunsInOrderAfterWhatTheLoopHasToDo() {
    loop.add(() -> ran.add("found ready too"));
    end.run(() -> ran.add("first"));
    end.run(() -> ran.add("second"));
    assertThat(ran).isEmpty();

    runAll();
    assertThat(ran).containsExactly("found ready too", "first", "second");
  }

  @Test
  void whatFailsKeepsNothingElseFromRunning() {
    end.run(() -> {
      throw new IllegalStateException("the first");
    });
    end.run(() -> ran.add("after"));

    assertThatIllegalStateException().isThrownBy(this::runAll);
    runAll();
    assertThat(ran).containsExactly("after");
  }

  @Test
  void whatIsPutOffAtTheEndRunsToo() {
    end.run(() -> {
      ran.add("outer");
      end.run(() -> ran.add("inner"));
    });
    runAll();
    assertThat(ran).containsExactly("outer", "inner");
  }

  private void runAll() {
    while (!loop.isEmpty()) {
      loop.remove().run();
    }
  }
}
