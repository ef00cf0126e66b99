package dev.spillway.gateway.timing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LateFlushTest {
  private final CountedFlushes counted = new CountedFlushes();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final EmbeddedChannel channel = new EmbeddedChannel(counted);

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void allThatAPassWritesIsFlushedOnceAtItsEnd() {
    addLateFlush();
    write("a");
    write("b");
    assertThat(counted.flushes).isZero();

    endPass();
    assertThat(counted.flushes).isOne();
    assertThat(channel.outboundMessages()).containsExactly("a", "b");
  }

  @Test
  void theNextPassFlushesAnew() {
    addLateFlush();
    write("a");
    endPass();
    write("b");
    endPass();

    assertThat(counted.flushes).isEqualTo(2);
    assertThat(channel.outboundMessages()).containsExactly("a", "b");
  }

  @Test
  void whatWasFlushedIsNotLostToAClose() {
    addLateFlush();
    write("last words");
    channel.pipeline().close();

    assertThat(channel.outboundMessages()).containsExactly("last words");
  }

  @Test
  void whatWasFlushedIsNotLostWhenTheHandlerLeaves() {
    addLateFlush();
    write("a");
    channel.pipeline().remove(LateFlush.class);

    assertThat(channel.outboundMessages()).containsExactly("a");
  }

  private void addLateFlush() {
    channel.pipeline().addLast(new LateFlush(new PassEnd(tasks::add)));
  }

  private void write(String what) {
    channel.pipeline().write(what);
    channel.pipeline().flush();
  }

  private void endPass() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  private static final class CountedFlushes extends ChannelOutboundHandlerAdapter {
    private int flushes;

    @Override
    public void flush(ChannelHandlerContext ctx) {
      flushes++;
      ctx.flush();
    }
  }
}
