package dev.spillway.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadHandleTest {
  private final ReadHandle reads = new ReadHandle();
  private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());

  @Test
  void aReadThatFillsItsBufferDoublesTheNext() {
    int before = reads.guess();

    read(before);

    assertThat(reads.guess()).isEqualTo(2 * before);
  }

  @Test
  void itNeverTakesMoreThanTheMost() {
    for (int i = 0; i < 20; i++) {
      read(reads.guess());
    }

    assertThat(reads.guess()).isEqualTo(ReadHandle.MOST_BYTES);
  }

  @Test
  void oneSmallReadAmongLargeOnesChangesNothing() {
    int before = reads.guess();

    for (int i = 0; i < 20; i++) {
      read(1);
      read(before / 2);
    }

    assertThat(reads.guess()).isEqualTo(before);
  }

  @Test
  void twoSmallReadsInARowHalveTheNextDownToTheLeast() {
    int before = reads.guess();

    read(1);
    read(1);
    assertThat(reads.guess()).isEqualTo(before / 2);

    for (int i = 0; i < 20; i++) {
      read(1);
    }
    assertThat(reads.guess()).isEqualTo(ReadHandle.LEAST_BYTES);
  }

  @Test
  void readsOnceForEachTimeThatItIsAsked() {
    reads.attemptedBytesRead(1_000);
    reads.lastBytesRead(1_000);

    assertThat(reads.continueReading()).isFalse();
    assertThat(reads.continueReading(() -> true)).isFalse();
  }

  @Test
  void fetchesWhatIsNeededAsOftenAsItReads() {
    ChannelPipeline pipeline = channel.pipeline();
    Prefetch chunk = new Prefetch();
    AtomicInteger touched = new AtomicInteger();
    chunk.add("a");
    chunk.add((Prefetch.Wide) () -> touched.incrementAndGet() > 0);
    reads.need(pipeline, chunk);

    for (int i = 0; i < 3; i++) {
      read(100);
    }
    assertThat(touched).hasValue(3);

    reads.needNothing();
    read(100);
    assertThat(touched).hasValue(3);
  }

  @Test
  void holdsOnToNothingWhenNothingIsNeededAnyMore() {
    Prefetch chunk = new Prefetch();
    WeakReference<Object> needed = added(chunk);
    reads.need(channel.pipeline(), chunk);
    chunk = null;

    reads.needNothing();

    assertThat(isCollected(needed)).isTrue();
  }

  private void read(int bytes) {
    reads.reset(channel.config());
    ByteBuf buffer = reads.allocate(channel.alloc());
    reads.attemptedBytesRead(buffer.writableBytes());
    reads.lastBytesRead(bytes);
    reads.incMessagesRead(1);
    buffer.release();
    reads.readComplete();
  }

  private static WeakReference<Object> added(Prefetch chunk) {
    Object object = new Object();
    chunk.add(object);
    return new WeakReference<>(object);
  }

  private static boolean isCollected(WeakReference<Object> object) {
    for (int i = 0; i < 100 && object.get() != null; i++) {
      System.gc();
    }
    return object.get() == null;
  }
}
