package dev.spillway.control.sites;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSiteStoreTest {
  private static final String KEY_ID = "0a".repeat(32);
  private static final AgentRecord AGENT =
      new AgentRecord(
          KEY_ID,
          new SiteId("oci-chicago"),
          new ProviderId("oracle"),
          List.of(),
          Instant.EPOCH,
          null);

  @TempDir Path folder;
  private FileSiteStore store;
  private FileSiteStore besideIt;

  @BeforeEach
  void open() throws Exception {
    store = FileSiteStore.in(folder.resolve("links"));
    besideIt = FileSiteStore.in(folder.resolve("links"));
  }

  @Test
  void readsAnAgentOnceWhileItStaysAsItIs() throws Exception {
    store.put(AGENT);

    AgentRecord first = store.agents().getFirst();

    assertThat(first).isEqualTo(AGENT);
    assertThat(store.agents().getFirst()).isSameAs(first);
    assertThat(store.agent(KEY_ID)).containsSame(first);
  }

  @Test
  void seesAtOnceThatAnotherProcessToldAnAgentToLeave() throws Exception {
    for (int i = 0; i < 50; i++) { // however fast one follows the other
      store.put(AGENT);
      assertThat(store.agents()).containsExactly(AGENT);

      AgentRecord revoked = AGENT.revoked(Instant.ofEpochSecond(1 + i));
      besideIt.put(revoked);

      assertThat(store.agents()).containsExactly(revoked);
      assertThat(store.agent(KEY_ID)).contains(revoked);
    }
  }

  @Test
  void knowsAnAgentNoMoreWhoseFileIsGone() throws Exception {
    store.put(AGENT);
    assertThat(store.agents()).hasSize(1);

    Files.delete(folder.resolve("links").resolve("agents").resolve(KEY_ID));

    assertThat(store.agents()).isEmpty();
    assertThat(store.agent(KEY_ID)).isEmpty();
  }
}
