package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.CHATGPT;
import static dev.spillway.app.sites.TestSite.MODEL;
import static dev.spillway.app.sites.TestSite.RIVAL;
import static dev.spillway.app.sites.TestSite.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.site.SiteAgent;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which of a site's engines is asked: the one that holds the beginning, as far as that is known.
 */
class ReplicaChoiceIT {
  private static final int TURNS = 4;

  /** Odd, so that taking turns would lead each elsewhere the next time. */
  private static final int CONVERSATIONS = 9;

  @TempDir Path folder;
  private TestSite hub;
  private RecordingEngine one;
  private RecordingEngine two;
  private SiteAgent agent;

  @BeforeEach
  void start() throws Exception {
    hub = new TestSite(folder);
    one = RecordingEngine.start();
    two = RecordingEngine.start();
    agent = hub.agent(hub.join(), "agent", one.port(), two.port());
    until("the site is online", hub::isOnline);
    until("both engines are there", () -> isThere(0) && isThere(1));
  }

  @AfterEach
  void stop() {
    hub.close();
    one.close();
    two.close();
  }

  @Test
  void keepsEveryConversationWhereItBeganAndSpreadsThem() throws Exception {
    for (int turn = 1; turn <= TURNS; turn++) {
      for (int conversation = 0; conversation < CONVERSATIONS; conversation++) {
        ask(CHATGPT, "conversation " + conversation, turn);
      }
    }

    for (int conversation = 0; conversation < CONVERSATIONS; conversation++) {
      String name = "conversation " + conversation;
      assertThat(List.of(asked(one, name), asked(two, name)))
          .as(name)
          .containsExactlyInAnyOrder(0L, (long) TURNS);
    }
    assertThat(List.of(one.asked().size(), two.asked().size()))
        .containsExactlyInAnyOrder(4 * TURNS, 5 * TURNS);
  }

  @Test
  void leadsNoTenantToWhatAnotherSaid() throws Exception {
    ask(CHATGPT, "a secret", 1);
    RecordingEngine theirs = asked(one, "a secret") == 1 ? one : two;

    ask(RIVAL, "a secret", 1);

    assertThat(asked(theirs, "a secret")).isEqualTo(1);
  }

  @Test
  void expectsNothingOfAnEngineThatWasRestarted() throws Exception {
    ask(CHATGPT, "conversation", 1);
    boolean atOne = asked(one, "conversation") == 1;
    ask(CHATGPT, "another", 1);
    ask(CHATGPT, "conversation", 2);

    restart(atOne);
    ask(CHATGPT, "conversation", 3);

    assertThat(atOne ? one.asked() : two.asked()).as("of the one that came back").isEmpty();
  }

  private void restart(boolean first) throws Exception {
    RecordingEngine old = first ? one : two;
    int port = old.port();
    old.close();
    until("it is missed", () -> !isThere(first ? 0 : 1));
    RecordingEngine fresh = RecordingEngine.at(port);
    one = first ? fresh : one;
    two = first ? two : fresh;
    until("it is back", () -> isThere(first ? 0 : 1));
  }

  private boolean isThere(int engine) {
    long age = probeAgeMillis(engine);
    return age >= 0 && age < 1_500;
  }

  private long probeAgeMillis(int engine) {
    return agent.status().deployments().getFirst().state().replicas().get(engine).probeAgeMillis();
  }

  private void ask(TenantId tenant, String name, int turns) throws Exception {
    String json = "{\"model\":\"gpt-4o\",\"messages\":[" + messages(name, turns) + "]}";
    String facts = hub.facts(tenant, WorkloadClass.ONLINE_INFERENCE, MODEL, "r-1");
    Received answer =
        hub.send(hub.loops.next(), facts, json.getBytes(UTF_8), json.length() / 4, 60_000_000);
    assertThat(answer.text()).contains("Well.");
  }

  private static String messages(String name, int turns) {
    StringBuilder messages = new StringBuilder();
    for (int turn = 1; turn <= turns; turn++) {
      messages
          .append(turn == 1 ? "" : ",{\"role\":\"assistant\",\"content\":\"Well.\"},")
          .append("{\"role\":\"user\",\"content\":\"")
          .append((name + ", turn " + turn + ". ").repeat(60))
          .append("\"}");
    }
    return messages.toString();
  }

  private static long asked(RecordingEngine engine, String name) {
    return engine.asked().stream().filter(each -> each.body().contains(name + ",")).count();
  }
}
