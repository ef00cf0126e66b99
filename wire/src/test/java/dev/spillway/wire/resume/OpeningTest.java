package dev.spillway.wire.resume;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.spillway.wire.json.ByteSlice;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpeningTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A client may send 64 strings of 512, and the answer end in the beginning of each. */
  @Test
  void copiesNothingOfManyStopStringsForAPiece() {
    List<String> stops = IntStream.range(0, 64).mapToObj(i -> "a".repeat(510) + i).toList();
    Opening opening = new Opening(ByteSlice.of("x" + "a".repeat(600)), 100, stops);
    ByteSlice piece = ByteSlice.of("a");

    long before = THREADS.getCurrentThreadAllocatedBytes();
    Opening.State state = opening.take(piece, false);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

    assertThat(state).isEqualTo(Opening.State.WAITING);
    assertThat(allocated).isLessThan(64 << 10);
  }
}
