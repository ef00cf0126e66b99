package dev.spillway.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.timing.LoopClock;
import dev.spillway.gateway.timing.PassEnd;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdleConnectionsTest {
  private static final Endpoint ENGINE = new Endpoint("engine", 8000, Endpoint.Security.PLAIN);
  private static final long OLD = Duration.ofSeconds(50).toNanos();
  private static final int MOST = IdleConnections.MOST_AT_ONCE;

  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private final UpstreamPool pool = pool();
  private final IdleConnections idle = new IdleConnections();

  /** Who waits for the event loop waits for all that it closes in one go. */
  @Test
  void closesAFewAtATime() {
    add(2 * MOST + 1, 0);

    assertThat(idle.closeOld(OLD)).isTrue();
    assertThat(open()).isEqualTo(MOST + 1);
    assertThat(idle.closeOld(OLD)).isTrue();
    assertThat(open()).isEqualTo(1);
    assertThat(idle.closeOld(OLD)).isFalse();
    assertThat(open()).isZero();
    assertThat(idle.isEmpty()).isTrue();
  }

  @Test
  void closesNoneBeforeItIsOld() {
    add(MOST, 1);

    assertThat(idle.closeOld(OLD)).isFalse();

    assertThat(open()).isEqualTo(MOST);
    assertThat(idle.closeOld(OLD + 1)).isFalse();
    assertThat(open()).isZero();
  }

  private void add(int connections, long idleSinceNanos) {
    for (int i = 0; i < connections; i++) {
      UpstreamConnection connection = new UpstreamConnection(pool, ENGINE);
      channels.add(new EmbeddedChannel(connection));
      connection.becomeIdle(idleSinceNanos);
      idle.add(connection);
    }
  }

  private long open() {
    return channels.stream().filter(EmbeddedChannel::isOpen).count();
  }

  private static UpstreamPool pool() {
    var loop = new EmbeddedChannel().eventLoop();
    return new UpstreamPool(
        loop,
        NioSocketChannel.class,
        DefaultAddressResolverGroup.INSTANCE,
        () -> {
          throw new AssertionError("no TLS here");
        },
        new PassEnd(loop),
        new LoopClock(System::nanoTime));
  }
}
