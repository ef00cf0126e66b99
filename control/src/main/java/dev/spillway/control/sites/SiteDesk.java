package dev.spillway.control.sites;

import dev.spillway.core.model.SiteId;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.link.EnrolmentAnswer;
import dev.spillway.wire.link.EnrolmentAnswer.Reason;
import dev.spillway.wire.link.EnrolmentAnswer.Refused;
import dev.spillway.wire.link.JoinRequest;
import dev.spillway.wire.link.MalformedMessage;
import dev.spillway.wire.link.RenewRequest;
import dev.spillway.wire.link.SignedBundle;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the hub knows of its agents, in memory: who may serve, and what to judge by.
 *
 * <p>Looks at the store four times a second, because commands beside the hub change it too: an
 * agent that was revoked there is out within a second.
 */
public final class SiteDesk implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SiteDesk.class.getName());
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  private final SiteStore store;
  private final Enrolment enrolment;
  private final Bundles bundles;
  private final Thread thread;
  private final AtomicLong looks = new AtomicLong();

  /** Of the look that began last: an older one may end later, and knows less. */
  private final AtomicReference<Seen> seen;

  private volatile Runnable whenChanged = () -> {};

  /**
   * Starts to look.
   *
   * @throws IOException if the store cannot be read
   */
  public SiteDesk(SiteStore store, Enrolment enrolment, Bundles bundles) throws IOException {
    this.store = store;
    this.enrolment = enrolment;
    this.bundles = bundles;
    this.seen = new AtomicReference<>(new Seen(0, read()));
    this.thread = Thread.ofVirtual().name("site-desk").start(this::watch);
  }

  /** Who was let in, by the key's id. */
  private record Seen(long look, Map<String, AgentRecord> agents) {}

  /** Who is told when agents came or went, on the desk's own thread. */
  public void tell(Runnable whenAgentsChange) {
    whenChanged = whenAgentsChange;
  }

  /** Whether an agent may serve as a site. */
  public boolean admits(SiteId site, String keyId) {
    AgentRecord agent = seen.get().agents().get(keyId);
    return agent != null && agent.site().equals(site);
  }

  /** A policy bundle for an agent, newer than the one it holds; null if there is none for it. */
  public @Nullable SignedBundle bundle(SiteId site, String keyId, long held) {
    AgentRecord agent = seen.get().agents().get(keyId);
    return agent == null ? null : bundles.bundle(site, agent.tenants(), held);
  }

  /** Answers a request to join or to renew. */
  public EnrolmentAnswer enrol(String path, byte[] body) {
    try {
      EnrolmentAnswer answer =
          switch (path) {
            case JoinRequest.PATH -> enrolment.join(JoinRequest.decode(ByteSlice.of(body)));
            case RenewRequest.PATH -> enrolment.renew(RenewRequest.decode(ByteSlice.of(body)));
            default -> new Refused(Reason.MALFORMED, "nothing is asked for at " + path);
          };
      if (answer instanceof Refused(var reason, _)) {
        LOG.log(Level.WARNING, "an agent was turned away: {0}", reason);
      }
      look();
      return answer;
    } catch (MalformedMessage e) {
      return new Refused(Reason.MALFORMED, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the store of sites cannot be used", e);
      return new Refused(Reason.UNAVAILABLE, "the hub's log says what went wrong; try again");
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOK_EVERY);
        try {
          look();
        } catch (IOException e) {
          if (Thread.interrupted()) {
            return; // it is closed, and what it read with it
          }
          LOG.log(Level.ERROR, "the store of sites cannot be read; who was let in stays in", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to stop; nothing is half done
    }
  }

  private void look() throws IOException {
    long mine = looks.incrementAndGet();
    Seen now = new Seen(mine, read());
    Seen before = seen.getAndAccumulate(now, (old, fresh) -> old.look() > mine ? old : fresh);
    if (before.look() < mine && !before.agents().equals(now.agents())) {
      whenChanged.run();
    }
  }

  private Map<String, AgentRecord> read() throws IOException {
    Map<String, AgentRecord> found = new HashMap<>();
    List<AgentRecord> agents = store.agents();
    for (AgentRecord agent : agents) {
      if (agent.revokedAt() == null) {
        found.put(agent.keyId(), agent);
      }
    }
    return Map.copyOf(found);
  }
}
