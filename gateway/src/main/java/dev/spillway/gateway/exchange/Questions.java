package dev.spillway.gateway.exchange;

import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.wire.aggregate.AnswerFold;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.resume.Obstacle;
import dev.spillway.wire.resume.Seam;
import dev.spillway.wire.resume.Shown;
import dev.spillway.wire.sse.StreamRepair.UsageChunk;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** What one request can ask of deployments, and how what comes back is read. */
final class Questions {
  private static final ByteSlice TRUE = ByteSlice.of("true");

  private final Call call;
  private final ExchangeSetup setup;
  private final ByteBufAllocator allocator;

  Questions(Call call, ExchangeSetup setup, ByteBufAllocator allocator) {
    this.call = call;
    this.setup = setup;
    this.allocator = allocator;
  }

  /** What the client asked. */
  Question first() {
    return call.isStreamedForWhole() ? new AsStream() : new AsAsked();
  }

  /** What is left of an answer that broke off. */
  Question restOf(Passage broken) {
    return new TheRest(broken.shown(), broken.fold());
  }

  private AnswerReader relayed(AnswerReader.Meaning meaning, Passage passage) {
    return new StreamedAnswer(call.request(), passage, setup.scratch(), via(meaning));
  }

  private AnswerReader folded(AnswerFold fold, AnswerReader.Meaning meaning, Passage passage) {
    Folded folded = new Folded(fold, passage, meaning);
    return relayed(folded, folded);
  }

  private StreamedAnswer.Via via(AnswerReader.Meaning meaning) {
    return new StreamedAnswer.Via(meaning, allocator, setup.maxAnswerBytes());
  }

  private static void askForStream(BodyEdit body) {
    body.put("stream", TRUE).includeUsage();
  }

  /** The client's request as it is. */
  private final class AsAsked implements Question {
    @Override
    public void translate(Upstream to, BodyEdit body) {
      to.dialect().translate(call.request(), to.target(), call.sender(), body);
      if (call.goesOnFrom() != null) {
        body.put("previous_response_id", call.goesOnFrom());
      }
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
    public AnswerReader reader(Upstream from, HttpHeaders headers, AnswerReader.Meaning meaning) {
      ScannedRequest request = call.request();
      return request.streams() && request.operation().hasUsageChunk()
          ? relayed(meaning, FirstPart.of(request, call.requestId()))
          : AnswerReaders.of(call, from, headers, setup.scratch(), via(meaning));
    }
  }

  /** As a stream, for a client that did not ask for one: a stream can be seen to stand still. */
  private final class AsStream implements Question {
    @Override
    public void translate(Upstream to, BodyEdit body) {
      to.dialect().translate(call.request(), to.target(), call.sender(), body);
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
    public AnswerReader reader(Upstream from, HttpHeaders headers, AnswerReader.Meaning meaning) {
      AnswerFold fold =
          new AnswerFold(call.request(), "chatcmpl-" + call.requestId(), setup.maxAnswerBytes());
      return folded(fold, meaning, FirstPart.of(call.request(), call.requestId()));
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
    public AnswerReader reader(Upstream from, HttpHeaders headers, AnswerReader.Meaning meaning) {
      Seam seam =
          new Seam(
              call.request(),
              WholeAnswer.slice(call.body()),
              shown,
              fold == null ? FirstPart.usageChunk(call.request()) : UsageChunk.ASKED);
      Rest rest = new Rest(seam, shown);
      return fold == null ? relayed(meaning, rest) : folded(fold, meaning, rest);
    }
  }
}
