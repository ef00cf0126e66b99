package dev.spillway.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LinkFlushTest {
  private final List<Object> seen = new ArrayList<>();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(new Below(), new LinkFlush(), new ChannelInboundHandlerAdapter());

  /** Where HTTP/2 would be; the channel itself would end a pass with every call. */
  private final ChannelHandlerContext above = channel.pipeline().lastContext();

  @Test
  void flushesOnceForAllThatIsWrittenInOnePass() {
    above.writeAndFlush("one");
    above.writeAndFlush("two");

    assertThat(seen).containsExactly("one", "two");
    channel.runPendingTasks();
    assertThat(seen).containsExactly("one", "two", "flush");
  }

  @Test
  void flushesInEveryPassThatWrites() {
    above.writeAndFlush("one");
    channel.runPendingTasks();
    above.writeAndFlush("two");
    channel.runPendingTasks();

    assertThat(seen).containsExactly("one", "flush", "two", "flush");
  }

  @Test
  void passesNoFlushOfNothing() {
    above.flush();
    channel.runPendingTasks();

    assertThat(seen).isEmpty();
  }

  @Test
  void flushesNothingThatNobodyAskedToFlush() {
    above.write("one");
    channel.runPendingTasks();

    assertThat(seen).containsExactly("one");
  }

  @Test
  void flushesWhatIsDueBeforeItCloses() {
    above.writeAndFlush("one");
    above.close();
    channel.runPendingTasks();

    assertThat(seen).containsExactly("one", "flush", "close");
  }

  @Test
  void flushesWhatIsDueBeforeItLeaves() {
    above.writeAndFlush("one");
    channel.pipeline().remove(LinkFlush.class);
    channel.runPendingTasks();

    assertThat(seen).containsExactly("one", "flush");
  }

  /** Where TLS would be. */
  private final class Below extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      seen.add(message);
      promise.setSuccess();
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
      seen.add("flush");
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
      seen.add("close");
      ctx.close(promise);
    }
  }
}
