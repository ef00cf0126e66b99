package dev.spillway.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.admission.MemoryBudget;
import dev.spillway.core.model.TenantId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncomingBodyTest {
  private static final TenantId TENANT = new TenantId("team-a");
  private static final long KIB = 1_024;

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  /** Whoever promises much and sends little would otherwise hold what nobody has counted. */
  @ParameterizedTest
  @CsvSource({"1, 64", "8, 64", "33, 64", "3, 3"})
  void paysForAllTheRoomThatItHas(int sentKib, int promisedKib) {
    MemoryBudget budget = new MemoryBudget(1_024 * KIB);
    IncomingBody body =
        new IncomingBody(ByteBufAllocator.DEFAULT, budget.of(TENANT), promisedKib * KIB);
    for (int i = 0; i < sentKib; i++) {
      assertThat(body.add(Unpooled.wrappedBuffer(new byte[(int) KIB]))).isTrue();
    }

    ByteBuf taken = body.take();

    assertThat(budget.takenBytes()).isEqualTo(taken.capacity());
    assertThat(taken.readableBytes()).isEqualTo(sentKib * KIB);
    taken.release();
    body.drop();
    assertThat(budget.takenBytes()).isZero();
  }

  @Test
  void takesNoMoreRoomThanItNeedsWhereThereIsNoMore() {
    MemoryBudget budget = new MemoryBudget(17 * KIB);
    IncomingBody body = new IncomingBody(ByteBufAllocator.DEFAULT, budget.of(TENANT), 64 * KIB);
    for (int i = 0; i < 17; i++) {
      assertThat(body.add(Unpooled.wrappedBuffer(new byte[(int) KIB]))).as("KiB %d", i).isTrue();
    }

    assertThat(body.add(Unpooled.wrappedBuffer(new byte[1]))).isFalse();
    body.drop();
    assertThat(budget.takenBytes()).isZero();
  }
}
