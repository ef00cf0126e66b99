package dev.spillway.site.engine;

import dev.spillway.site.prefix.PromptPrefix;

/** A request that an engine is believed to have; nothing is sent. */
public final class SentRequest {
  private final Choice choice;

  private SentRequest(Choice choice) {
    this.choice = choice;
  }

  /** At the engine of a deployment that is next. */
  public static SentRequest to(ServedDeployment deployment) {
    long now = System.nanoTime();
    Choice choice = deployment.choose(PromptPrefix.NONE, 100, now);
    choice.taken(Reading.SEEN, now);
    return new SentRequest(choice);
  }

  /** It was answered. */
  public void ends() {
    choice.read();
    choice.ended(Reading.SEEN, System.nanoTime());
  }
}
