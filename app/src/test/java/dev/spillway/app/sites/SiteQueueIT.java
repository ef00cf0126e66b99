package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.CHATGPT;
import static dev.spillway.app.sites.TestSite.MODEL;
import static dev.spillway.app.sites.TestSite.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.WorkloadClass;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import dev.spillway.site.SiteAgent;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent takes for the queue of its engine. */
class SiteQueueIT {
  private static final int INPUT_TOKENS = 2_000;
  private static final int CHARACTERS_PER_TOKEN = 4;

  @TempDir Path folder;
  @AutoClose private TestSite hub;
  private SiteAgent agent;

  @BeforeEach
  void start() throws Exception {
    hub = new TestSite(folder);
    LiveEngine engine =
        LiveEngine.start(
            LiveEngineConfig.of(MODEL, EngineCatalog.named("h100x4-70b").orElseThrow()));
    hub.keep(engine::close);
    agent = hub.agent(hub.join(), "agent", engine.port());
    until("the site is online", hub::isOnline);
  }

  @Test
  void servesBesideAnAnswerThatComesAllAtOnceOnceItsPromptIsRead() throws Exception {
    Received whole = send(wholeAnswer(), INPUT_TOKENS, 60_000_000);
    until("the engine has it", () -> engineState().inFlight() == 1);
    until("its prompt is read", () -> engineState().queueMicros() == 0);
    assertThat(whole.isOver()).as("whether it is written").isFalse();

    Received next = send(shortStream(), 10, 0);

    assertThat(next.failure()).isNull();
    assertThat(next.text()).endsWith("data: [DONE]\n\n");
    whole.cancel();
  }

  private Received send(String json, long inputTokens, long expectedQueueMicros) {
    String facts = hub.facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL, "r-1");
    return hub.send(
        hub.loops.next(), facts, json.getBytes(UTF_8), inputTokens, expectedQueueMicros);
  }

  private ReplicaState engineState() {
    return agent.status().deployments().getFirst().state().replicas().getFirst();
  }

  private static String wholeAnswer() {
    String prompt = "word ".repeat(INPUT_TOKENS * CHARACTERS_PER_TOKEN / 5);
    return """
    {"model":"gpt-4o","max_tokens":4000,"messages":[{"role":"user","content":"%s"}]}\
    """
        .formatted(prompt);
  }

  private static String shortStream() {
    return """
    {"model":"gpt-4o","stream":true,"max_tokens":2,"messages":[{"role":"user","content":"Hi"}]}\
    """;
  }
}
