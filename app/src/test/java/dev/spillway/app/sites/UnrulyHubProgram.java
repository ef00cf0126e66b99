package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.CHATGPT;
import static dev.spillway.app.sites.TestSite.CHICAGO;
import static dev.spillway.app.sites.TestSite.MODEL;
import static dev.spillway.app.sites.TestSite.until;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.policy.Contract;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.seal.Facts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hub that sends what its own policy forbids, one request after the other, to an agent on another
 * machine; says what became of each, and how often it counted each reason. Arguments: a folder, and
 * where agents link.
 */
public final class UnrulyHubProgram {
  /** Begins a line with the token for the agent. */
  public static final String TOKEN = "token: ";

  /** Begins a line with a case, what the agent made of it, and the hub's count of that. */
  public static final String CASE = "case: ";

  /** The last line. */
  public static final String DONE = "all were sent";

  private static final Duration AGENT_WITHIN = Duration.ofMinutes(2);

  private final TestSite hub;

  private UnrulyHubProgram(TestSite hub) {
    this.hub = hub;
  }

  /** Runs until it is killed. */
  public static void main(String[] arguments) throws Exception {
    TestSite hub =
        new TestSite(Path.of(arguments[0]), arguments[1], Integer.parseInt(arguments[2]));
    UnrulyHubProgram unruly = new UnrulyHubProgram(hub);
    hub.putInForce(unruly.contract());
    System.out.println(TOKEN + hub.token().reveal());
    until("an agent is there", AGENT_WITHIN, hub::isOnline);
    unruly.sendAll();
    unruly.rollBack();
    System.out.println(DONE);
  }

  private void sendAll() throws Exception {
    for (Map.Entry<String, String> each : cases().entrySet()) {
      Received answer = hub.send(hub.loops.next(), each.getValue(), 2);
      String text = answer.text();
      AttemptFailure failure = answer.failure();
      say(each.getKey(), failure == null ? "served " + text.length() : failure.message());
    }
  }

  private void rollBack() {
    hub.rollBack();
    until("the agent judged it", () -> hub.links.bundlesRefused() == 1);
    say("rolled-back bundle", "was not taken there");
    String facts = facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL);
    Received answer = hub.send(hub.loops.next(), facts, 2);
    until("the bundle before it holds", answer::isOver);
    say("after it", answer.status() == 200 ? "served" : "not served");
  }

  /** Facts that are sent, by what is wrong with them. */
  private Map<String, String> cases() {
    Map<String, String> cases = new LinkedHashMap<>();
    String good = facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL);
    char first = good.charAt(0);
    cases.put("nothing wrong", good);
    cases.put("missing seal", "");
    cases.put("forged seal", (first == 'A' ? 'B' : 'A') + good.substring(1));
    cases.put("sealed for another site", hub.sealed(now(0), new SiteId("oci-ashburn")));
    cases.put("another request's", hub.facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL, "x"));
    cases.put("two hours old", hub.sealed(now(-7_200), CHICAGO));
    cases.put("forbidden class", facts(CHATGPT, WorkloadClass.PRETRAINING, MODEL));
    cases.put("forbidden tenant", facts(TestSite.RIVAL, WorkloadClass.ONLINE_INFERENCE, MODEL));
    cases.put("unknown tenant", facts(new TenantId("xai"), WorkloadClass.ONLINE_INFERENCE, MODEL));
    cases.put(
        "another model", facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, new ModelName("gpt-5")));
    cases.put("forbidden since today", facts(CHATGPT, WorkloadClass.FINE_TUNING, MODEL));
    return cases;
  }

  private Contract contract() {
    return new Contract(
        List.of(
            new Clause.WorkloadPlacement(
                heading("pretraining-home", null),
                WorkloadClass.PRETRAINING,
                List.of(new SiteId("azure-eastus2"))),
            deny("no-rival", null, List.of(TestSite.RIVAL), List.of()),
            deny(
                "no-tuning-from-today",
                LocalDate.now(ZoneOffset.UTC),
                List.of(),
                List.of(WorkloadClass.FINE_TUNING))));
  }

  private static Clause deny(
      String id, @Nullable LocalDate from, List<TenantId> tenants, List<WorkloadClass> classes) {
    return new Clause.Deny(
        heading(id, from), tenants, classes, List.of(), List.of(), List.of(), List.of(), List.of());
  }

  private static Clause.Heading heading(String id, @Nullable LocalDate from) {
    return new Clause.Heading(new ClauseId(id), from, null, "a test");
  }

  private void say(String what, String became) {
    StringBuilder counts = new StringBuilder();
    hub.links
        .refusals()
        .forEach((reason, times) -> {
          if (times > 0) {
            counts.append(' ').append(reason.label()).append('=').append(times);
          }
        });
    System.out.println(CASE + what + " | " + became + " |" + counts);
  }

  private String facts(TenantId tenant, WorkloadClass workload, ModelName model) {
    return hub.facts(tenant, workload, model, "r-1");
  }

  private static Facts now(long secondsLater) {
    Ask ask = new Ask(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL, List.of());
    return new Facts(ask, "c1", "r-1", Instant.now().getEpochSecond() + secondsLater);
  }
}
