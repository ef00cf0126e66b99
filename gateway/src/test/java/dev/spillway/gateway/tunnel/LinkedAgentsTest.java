package dev.spillway.gateway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.SiteId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LinkedAgentsTest {
  private static final SiteId CHICAGO = new SiteId("oci-chicago");
  private static final AgentTrust.Agent AGENT = new AgentTrust.Agent(CHICAGO, "key");
  private static final String INSTANCE = "abc123";
  private static final int ROUNDS = 2_000;

  private final LinkedAgents agents = new LinkedAgents();

  @Test
  void knowsAnAgentUntilItsLastConnectionGoes() {
    Tunnel one = tunnel();
    Tunnel two = tunnel();
    AgentLinks links = joined(one);
    assertThat(joined(two)).isSameAs(links);

    agents.left(links, its -> its.remove(one));
    assertThat(agents.of(CHICAGO)).containsExactly(links);

    agents.left(links, its -> its.remove(two));
    assertThat(agents.of(CHICAGO)).isEmpty();
  }

  /** Each on the loop of its own connection. */
  @Test
  void forgetsNoAgentWhoseNextConnectionComesWhileItsLastOneGoes() throws Exception {
    Tunnel last = tunnel();
    Tunnel next = tunnel();
    CyclicBarrier together = new CyclicBarrier(2);
    try (ExecutorService loops = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < ROUNDS; round++) {
        AgentLinks before = joined(last);
        Future<?> goes =
            loops.submit(() -> {
              together.await();
              agents.left(before, its -> its.remove(last));
              return null;
            });
        Future<AgentLinks> comes =
            loops.submit(() -> {
              together.await();
              return joined(next);
            });
        goes.get(10, TimeUnit.SECONDS);
        AgentLinks after = comes.get(10, TimeUnit.SECONDS);

        assertThat(agents.of(CHICAGO)).as("round %d", round).containsExactly(after);
        assertThat(after.tunnels()).containsExactly(next);
        agents.left(after, its -> its.remove(next));
      }
    }
  }

  private AgentLinks joined(Tunnel connection) {
    return Objects.requireNonNull(agents.joined(AGENT, INSTANCE, its -> its.add(connection)));
  }

  private static Tunnel tunnel() {
    return new Tunnel(
        new SiteLinks(new LinkOwnerOfNobody(), System::nanoTime),
        AGENT,
        new Tunnel.LastRead(),
        Http2FrameCodecBuilder.forClient().build(),
        new EmbeddedChannel());
  }
}
