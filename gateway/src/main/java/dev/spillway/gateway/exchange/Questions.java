package dev.spillway.gateway.exchange;

import dev.spillway.core.model.TenantId;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.wire.aggregate.AnswerFold;
import dev.spillway.wire.aggregate.AnswerMemory;
import dev.spillway.wire.aggregate.EventFold;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.resume.ContinuationMemory;
import dev.spillway.wire.resume.Obstacle;
import dev.spillway.wire.resume.Seam;
import dev.spillway.wire.resume.Shown;
import dev.spillway.wire.sse.StreamRepair.UsageChunk;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What one request can ask of deployments, and how what comes back is read; what is kept of its
 * answers, until it is over.
 */
final class Questions {
  private static final ByteSlice TRUE = ByteSlice.of("true");

  private final Call call;
  private final ExchangeSetup setup;
  private final ContinuationMemory.Share kept;
  private final AnswerMemory.Share held;
  private boolean handedOver;

  Questions(Call call, ExchangeSetup setup) {
    this.call = call;
    this.setup = setup;
    TenantId tenant = call.journey().ask().tenant();
    this.kept = setup.continuations().share(tenant);
    this.held = setup.answers().share(tenant);
  }

  /** What the client asked. */
  Question first() {
    return call.isStreamedForWhole() ? new AsStream() : new AsAsked();
  }

  /** What is left of an answer that broke off. */
  Question restOf(Passage broken) {
    return new TheRest(broken.shown(), broken.fold());
  }

  /** What is held of the answer; whoever sends it lets go of that when it is sent. */
  AnswerMemory.Share handOver() {
    handedOver = true;
    return held;
  }

  /** Nothing is kept any more. */
  void over() {
    kept.close();
    if (!handedOver) {
      held.close();
    }
  }

  private FirstPart firstPart() {
    FirstPart part = FirstPart.of(call.request(), call.requestId(), kept);
    if (!call.mayBeContinued()) {
      part.shown().nobodyContinues();
    }
    return part;
  }

  private AnswerReader relayed(Passage passage, HttpHeaders headers, Via via) {
    ScannedRequest request = call.request();
    return AnswerReaders.stream(
        request.operation(),
        headers,
        new StreamedAnswer(request, passage, setup.scratch(), via),
        via);
  }

  private AnswerReader folded(AnswerFold fold, Passage passage, HttpHeaders headers, Via via) {
    Folded folded = new Folded(fold, passage, via.meaning());
    return relayed(folded, headers, via.telling(folded));
  }

  private void translate(Upstream to, BodyEdit body) {
    to.dialect().translate(call.request(), to.target(), call.sender(), body);
    if (call.goesOnFrom() != null) {
      body.put("previous_response_id", call.goesOnFrom());
    }
  }

  private void askForStream(BodyEdit body) {
    body.put("stream", TRUE);
    if (call.request().operation().hasUsageChunk()) {
      body.includeUsage();
    }
  }

  /** The client's request as it is. */
  private final class AsAsked implements Question {
    @Override
    public void translate(Upstream to, BodyEdit body) {
      Questions.this.translate(to, body);
    }

    @Override
    public boolean streams() {
      return call.request().streams();
    }

    @Override
    public NotThere notThere() {
      return NotThere.of(call);
    }

    @Override
    public AnswerMemory.Share held() {
      return held;
    }

    @Override
    public AnswerReader reader(Upstream from, HttpHeaders headers, Via via) {
      ScannedRequest request = call.request();
      return request.streams() && request.operation().hasUsageChunk()
          ? relayed(firstPart(), headers, via)
          : AnswerReaders.of(call, from, headers, setup.scratch(), via);
    }
  }

  /** As a stream, for a client that did not ask for one: a stream can be seen to stand still. */
  private final class AsStream implements Question {
    @Override
    public void translate(Upstream to, BodyEdit body) {
      Questions.this.translate(to, body);
      askForStream(body);
    }

    @Override
    public boolean streams() {
      return true;
    }

    @Override
    public NotThere notThere() {
      return NotThere.of(call);
    }

    @Override
    public AnswerMemory.Share held() {
      return held;
    }

    @Override
    public AnswerReader reader(Upstream from, HttpHeaders headers, Via via) {
      Operation operation = call.request().operation();
      if (EventFold.canFold(operation)) {
        EventFold events = EventFold.of(operation, setup.maxAnswerBytes(), held);
        return AnswerReaders.folded(call, from, headers, events, setup.scratch(), via);
      }
      AnswerFold fold =
          new AnswerFold(
              call.request(),
              FirstPart.fallbackId(call.request(), call.requestId()),
              setup.maxAnswerBytes(),
              held);
      return folded(fold, firstPart(), headers, via);
    }
  }

  /** The rest of an answer that broke off. */
  private final class TheRest implements Question {
    private final Shown shown;
    private final @Nullable AnswerFold fold;

    TheRest(Shown shown, @Nullable AnswerFold fold) {
      this.shown = shown;
      this.fold = fold;
    }

    @Override
    public void translate(Upstream to, BodyEdit body) {
      Obstacle obstacle =
          to.dialect().continueAnswer(call.request(), to.target(), call.sender(), shown, body);
      if (obstacle != null) {
        throw new IllegalStateException(
            to.deployment() + " was chosen to go on, but " + obstacle.words());
      }
      if (call.isStreamedForWhole()) {
        askForStream(body);
      }
    }

    @Override
    public boolean streams() {
      return true;
    }

    @Override
    public NotThere notThere() {
      return NotThere.of(call);
    }

    @Override
    public AnswerMemory.Share held() {
      return held;
    }

    @Override
    public AnswerReader reader(Upstream from, HttpHeaders headers, Via via) {
      Seam seam =
          new Seam(
              call.request(),
              WholeAnswer.slice(call.body()),
              shown,
              fold == null ? FirstPart.usageChunk(call.request()) : UsageChunk.ASKED);
      Rest rest = new Rest(seam, shown);
      return fold == null ? relayed(rest, headers, via) : folded(fold, rest, headers, via);
    }
  }
}
