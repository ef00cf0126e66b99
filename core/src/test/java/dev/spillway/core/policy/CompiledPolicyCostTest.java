package dev.spillway.core.policy;

import static dev.spillway.core.policy.Story.CHATGPT;
import static dev.spillway.core.policy.Story.NOW;
import static dev.spillway.core.policy.Story.chat;
import static dev.spillway.core.policy.Story.compiled;
import static dev.spillway.core.policy.Story.heading;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.spillway.core.model.WorkloadClass;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompiledPolicyCostTest {
  private static final int TIMES = 20_000;
  private static final long BYTES_OF_THE_MEASUREMENT_ITSELF = 4_096;

  private final CompiledPolicy policy =
      compiled(
          new Clause.OfferHomeFirst(
              heading("first", "2026-01-01", null), List.of(WorkloadClass.ONLINE_INFERENCE)),
          new Clause.Residency(
              heading("us", null, "2026-12-31"), List.of(CHATGPT), List.of(Story.US)));

  @Test
  void askingAllocatesNothing() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Ask ask = chat();
    long found = asked(ask);

    long before = threads.getCurrentThreadAllocatedBytes();
    found += asked(ask);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(found).isEqualTo(2 * 2 * TIMES);
    assertThat(allocated).as("bytes in %d asks", TIMES).isLessThan(BYTES_OF_THE_MEASUREMENT_ITSELF);
  }

  /** Returns how often something was found. */
  private long asked(Ask ask) {
    long found = 0;
    for (int i = 0; i < TIMES; i++) {
      long now = NOW + i;
      found += policy.allowed(ask, now).contains(0) ? 1 : 0;
      found += policy.homeFirst(ask, now) == null ? 0 : 1;
      found += policy.caps(0, now).size();
    }
    return found;
  }
}
