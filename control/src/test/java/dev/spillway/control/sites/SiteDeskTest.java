package dev.spillway.control.sites;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteDeskTest {
  private static final SiteId CHICAGO = new SiteId("oci-chicago");
  private static final AgentRecord AGENT =
      new AgentRecord("0a", CHICAGO, new ProviderId("oracle"), List.of(), Instant.EPOCH, null);

  @TempDir Path folder;

  @Test
  void doesNotTurnAwayWhomALookThatBeganEarlierHadNotSeen() throws Exception {
    SlowStore store = new SlowStore();
    SiteKeys keys = SiteKeys.of(FileSiteStore.in(folder.resolve("keys")), null, Instant.now());
    Enrolment enrolment = new Enrolment(store, keys, Enrolment.Terms.DEFAULT, Clock.systemUTC());
    Bundles bundles = new Bundles(keys, Duration.ofHours(1), Clock.systemUTC());
    AtomicInteger changes = new AtomicInteger();

    try (SiteDesk desk = new SiteDesk(store, enrolment, bundles)) {
      desk.tell(changes::incrementAndGet);
      store.slowLookHasRead.await(); // nobody; and it takes its time
      store.agents = List.of(AGENT);
      desk.enrol("/any", new byte[0]);
      assertThat(desk.admits(CHICAGO, "0a")).isTrue();
      store.slowLookMayEnd.countDown();
      store.awaitLook(4);

      assertThat(desk.admits(CHICAGO, "0a")).isTrue();
      assertThat(changes).hasValue(1);
    }
  }

  /** The second look at it is slow: it ends when it is told to, with what it read before. */
  private static final class SlowStore implements SiteStore {
    private final CountDownLatch slowLookHasRead = new CountDownLatch(1);
    private final CountDownLatch slowLookMayEnd = new CountDownLatch(1);
    private final AtomicInteger looks = new AtomicInteger();
    private volatile List<AgentRecord> agents = List.of();

    void awaitLook(int number) {
      long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (looks.get() < number && System.nanoTime() - end < 0) {
        LockSupport.parkNanos(1_000_000);
      }
    }

    @Override
    public List<AgentRecord> agents() {
      List<AgentRecord> read = agents;
      if (looks.incrementAndGet() == 2) {
        slowLookHasRead.countDown();
        try {
          slowLookMayEnd.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return read;
    }

    @Override
    public Optional<AgentRecord> agent(String keyId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String secret(String name, Supplier<String> make) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void put(String tokenHash, JoinGrant grant) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<JoinGrant> find(String tokenHash) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean use(String tokenHash, String keyId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> usedBy(String tokenHash) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int withdrawTokens(SiteId site) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void forgetTokens(Instant before) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void put(AgentRecord agent) {
      throw new UnsupportedOperationException();
    }
  }
}
