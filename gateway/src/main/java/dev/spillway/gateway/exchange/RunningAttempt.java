package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.STALLED;
import static dev.spillway.core.retry.AttemptFailure.Kind.TIMED_OUT;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.spillway.core.model.Pauses;
import dev.spillway.core.quota.StatedCapacity;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.gateway.telemetry.RequestRecord.Served;
import dev.spillway.gateway.upstream.Answer;
import dev.spillway.gateway.upstream.Attempt;
import dev.spillway.gateway.upstream.AttemptRequest;
import dev.spillway.gateway.upstream.Prefetch;
import dev.spillway.wire.chat.AnswerType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One attempt under way: what is sent to a deployment, and what its answer, or its silence, means
 * to the exchange.
 *
 * <p>Event loop only. After {@link #stop}, or after it has told its end, it says nothing more.
 */
final class RunningAttempt implements Answer, AnswerReader.Meaning {
  private static final int OK = 200;

  /** How long a connection may take to end an answer that is whole, before it is closed. */
  private static final long LINGER_SECONDS = 1;

  // What a chunk needs is first: then it is mostly in the line of the caches that the header is in.
  private @Nullable AnswerReader reader;
  private final Silence silence;
  private final AttemptOwner owner;
  private final AttemptPlan plan;
  private final ExchangeSetup setup;
  private final ByteBufAllocator allocator;

  private final Call call;
  private @Nullable Attempt attempt;
  private @Nullable Future<?> hedge;
  private @Nullable Future<?> linger;
  private boolean begun;
  private boolean stopped;

  RunningAttempt(
      AttemptOwner owner,
      Call call,
      AttemptPlan plan,
      ExchangeSetup setup,
      ByteBufAllocator allocator) {
    this.owner = owner;
    this.call = call;
    this.plan = plan;
    this.setup = setup;
    this.allocator = allocator;
    this.silence =
        new Silence(setup.nanoClock(), setup.silences(), plan.limits(), this::silentTooLong);
  }

  void start() {
    AttemptRequest request = OutgoingRequest.of(call, plan, plan.question(), allocator);
    attempt = setup.upstreams().open(plan.to(), request, this);
    silence.begins(call.journey().deadlineNanos());
    long hedgeAfter = plan.limits().hedgeAfterNanos();
    if (hedgeAfter < plan.limits().firstContentNanos()) {
      hedge = setup.loop().schedule(this::hedgeDue, hedgeAfter, NANOSECONDS);
    }
  }

  int number() {
    return plan.number();
  }

  Served served() {
    return plan.served();
  }

  /** The way its chunks go; null before its head, and if they cannot be gone on with. */
  @Nullable Passage passage() {
    return reader == null ? null : reader.passage();
  }

  /** What the client is told that it gets. */
  AnswerType type() {
    return reader == null ? AnswerType.JSON : reader.type();
  }

  /** Whether content came. */
  boolean hasBegun() {
    return begun;
  }

  long contentBytes() {
    return reader == null ? 0 : reader.contentBytes();
  }

  Pauses pauses() {
    return silence.pausesSoFar();
  }

  /** Its content goes this way: what deals with each chunk of it is fetched before it is read. */
  void goesTo(Delivery delivery) {
    if (attempt != null && reader != null) {
      Prefetch chunk = new Prefetch();
      chunk.add(this);
      chunk.add(owner);
      reader.addTo(chunk);
      silence.addTo(chunk);
      delivery.addTo(chunk);
      attempt.need(chunk);
    }
  }

  void pause() {
    silence.pauses();
    if (attempt != null) {
      attempt.pause();
    }
  }

  void resume() {
    silence.goesOn();
    if (attempt != null) {
      attempt.resume();
    }
  }

  /** Ends its answer if that is whole, and only what ends it is awaited; else false. */
  boolean endsIfWhole() {
    AnswerReader reading = reader;
    if (reading == null || stopped || !begun || !reading.lacksOnlyItsEnd()) {
      return false;
    }
    reading.endNow();
    return true;
  }

  /** Cancels it; nothing is said afterwards. */
  void stop() {
    quiet();
    if (attempt != null) {
      attempt.cancel();
    }
  }

  @Override
  public void head(int status, HttpHeaders headers) {
    if (stopped) {
      return;
    }
    if (status == OK) {
      tellWhatIsStated(headers);
    }
    Question question = plan.question();
    ProviderErrors errors =
        new ProviderErrors(plan.to().dialect(), question.notThere(), headers::get);
    Via via =
        new Via(
            this, allocator, setup.maxAnswerBytes(), question.held(), setup.longBodies(), errors);
    reader =
        status == OK ? question.reader(plan.to(), headers, via) : new RefusedAnswer(status, via);
  }

  private void tellWhatIsStated(HttpHeaders headers) {
    StatedCapacity stated = plan.to().dialect().statedCapacity(headers::get);
    if (stated != null) {
      long now = setup.nanoClock().getAsLong();
      call.inForce().dispatcher().stated(call.journey(), plan.number(), stated, now);
    }
  }

  @Override
  public void content(ByteBuf bytes) {
    AnswerReader reading = reader;
    if (reading == null || stopped) {
      bytes.release();
      return;
    }
    reading = reading.opened(bytes);
    reader = reading;
    long before = reading.signsOfLife();
    reading.content(bytes);
    if (!stopped) {
      silence.broken(reading.signsOfLife() > before);
    }
  }

  @Override
  public void readComplete() {
    if (stopped) {
      return;
    }
    owner.flush();
    if (reader != null) {
      reader.readComplete();
      if (!stopped && reader.lacksOnlyItsEnd()) {
        silence.endAwaited(reader.endWithinNanos());
      }
    }
  }

  @Override
  public void complete() {
    cancel(linger);
    if (!stopped && reader != null) {
      reader.complete();
    }
  }

  @Override
  public void failed(AttemptFailure failure) {
    cancel(linger);
    if (!stopped && reader != null && reader.lacksOnlyItsEnd()) {
      reader.endNow();
    } else {
      notAnAnswer(new Trouble(failure, OK, null));
    }
  }

  @Override
  public void firstContent() {
    if (!begun) {
      begun = true;
      silence.contentBegins();
      cancel(hedge);
      owner.firstContent(this);
    }
  }

  @Override
  public void relay(ByteBuf bytes) {
    owner.relay(this, bytes);
  }

  @Override
  public void streamFinished(Tokens tokens) {
    letConnectionEnd();
    owner.streamFinished(this, tokens);
  }

  @Override
  public void whole(ByteBuf json, Tokens tokens) {
    quiet();
    owner.whole(this, json, tokens);
  }

  @Override
  public void noRoom() {
    if (!stopped) {
      owner.noRoom(this);
    }
  }

  @Override
  public void notAnAnswer(Trouble trouble) {
    boolean isWhole = begun && reader != null && reader.endsAtLength();
    if (!stopped && !isWhole) {
      owner.failed(this, meaning(trouble));
    }
  }

  private Trouble meaning(Trouble trouble) {
    if (reader != null && reader.lacksChoices()) {
      return trouble.blamingNobody();
    }
    return begun ? trouble : plan.question().notThere().meaning(trouble);
  }

  /** The client has all of it; the connection can serve again once its framing is at its end. */
  private void letConnectionEnd() {
    quiet();
    Attempt ending = attempt;
    if (ending != null) {
      ending.resume();
      linger = setup.loop().schedule(ending::cancel, LINGER_SECONDS, SECONDS);
    }
  }

  private void silentTooLong() {
    if (reader != null && reader.lacksOnlyItsEnd()) {
      reader.endNow();
    } else if (begun) {
      notAnAnswer(Trouble.of(STALLED, "sent nothing of its answer for too long"));
    } else {
      notAnAnswer(Trouble.of(TIMED_OUT, "gave no content within its limit"));
    }
  }

  private void hedgeDue() {
    hedge = null;
    if (!stopped && !begun) {
      owner.hedgeDue(this);
    }
  }

  private void quiet() {
    stopped = true;
    silence.ends();
    cancel(hedge);
    if (reader != null) {
      reader.release();
    }
  }

  private static void cancel(@Nullable Future<?> task) {
    if (task != null) {
      task.cancel(false);
    }
  }
}
