package dev.spillway.gateway.exchange;

import dev.spillway.core.dispatch.Remainder;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.policy.DeploymentSet;
import dev.spillway.core.quota.Demand;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.error.Refusal;
import dev.spillway.wire.resume.Obstacle;
import dev.spillway.wire.resume.Shown;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer that broke off after it had begun: what is to become of the rest.
 *
 * <p>It can come from a deployment that goes on where the text ends, if the answer so far is text
 * and nothing else, and if what was asked leaves no doubt about what follows. If it breaks off once
 * more, the same holds for all that is shown by then; what the client is told if nobody can go on
 * is always what broke it first. What a content filter refused in its middle nobody goes on with.
 */
final class BrokenAnswer {
  private final Call call;
  private final @Nullable Passage passage;
  private final Trouble first;
  private final boolean isFinal;

  private BrokenAnswer(
      Call call, @Nullable Passage passage, Trouble trouble, @Nullable BrokenAnswer before) {
    this.call = call;
    this.passage = passage;
    this.first = before == null ? trouble : before.first;
    this.isFinal = !trouble.failure().worthAnotherDeployment();
  }

  /**
   * @param before how it broke off before; null if it never did
   */
  static BrokenAnswer of(
      Call call, RunningAttempt from, Trouble trouble, @Nullable BrokenAnswer before) {
    return new BrokenAnswer(call, from.passage(), trouble, before);
  }

  /** The way its chunks went; asked only of an answer that can be gone on with. */
  Passage passage() {
    if (passage == null) {
      throw new IllegalStateException("an answer that was not kept");
    }
    return passage;
  }

  /** Who can go on, and with what; null if nobody can. */
  @Nullable Remainder remainder() {
    if (isFinal || passage == null || passage.shown().obstacle() != null) {
      return null;
    }
    Shown shown = passage.shown();
    BitSet able = serving();
    List<Upstream> upstreams = call.inForce().snapshot().upstreams();
    for (int i = able.nextSetBit(0); i >= 0; i = able.nextSetBit(i + 1)) {
      able.set(i, obstacleAt(upstreams.get(i), shown) == null);
    }
    return able.isEmpty() ? null : new Remainder(DeploymentSet.of(able), demand(shown));
  }

  /** All of it once more, from anybody: for when nobody goes on, and none of it was shown. */
  Remainder anew() {
    Shown shown = passage().shown();
    long output = shown.generatedTokens() + demand(shown).outputTokens();
    return new Remainder(
        DeploymentSet.of(serving()), new Demand(request().inputTokens(), Math.max(1, output)));
  }

  /** What the client is told if there is no rest. */
  Refusal refusal() {
    Obstacle obstacle = passage == null ? Obstacle.OPERATION : passage.shown().obstacle();
    return Refusals.cut(first.failure().kind(), obstacle);
  }

  private BitSet serving() {
    BitSet serving = new BitSet();
    List<Deployment> deployments = call.inForce().snapshot().topology().deployments();
    for (int i = 0; i < deployments.size(); i++) {
      Deployment each = deployments.get(i);
      boolean hasModel = each.model().equals(call.journey().ask().model());
      serving.set(i, hasModel && call.journey().canBeServedBy(each));
    }
    return serving;
  }

  private @Nullable Obstacle obstacleAt(Upstream at, Shown text) {
    BodyEdit unsent = new BodyEdit(request(), WholeAnswer.slice(call.body()));
    return at.dialect().continueAnswer(request(), at.target(), call.sender(), text, unsent);
  }

  /** As much again as there is, unless the client takes less. */
  private Demand demand(Shown text) {
    long generated = Math.max(1, text.generatedTokens());
    long output = Math.min(generated, text.remainingTokens(request().maxOutputTokens()));
    return new Demand(request().inputTokens() + generated, output);
  }

  private ScannedRequest request() {
    return call.request();
  }
}
