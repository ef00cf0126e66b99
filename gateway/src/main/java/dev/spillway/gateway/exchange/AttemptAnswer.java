package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.STREAM_BROKEN;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.gateway.timing.TimeLimit;
import dev.spillway.gateway.upstream.Answer;
import dev.spillway.gateway.upstream.Attempt;
import dev.spillway.gateway.upstream.AttemptRequest;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.wire.chat.BodyEdit;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.Splice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * One attempt: what is sent to a deployment, and what its answer means to the exchange.
 *
 * <p>Nothing of the caller's head goes upstream: the headers are made here, so none can steer a
 * provider or carry a credential that is not its own.
 */
final class AttemptAnswer implements Answer, AnswerReader.Meaning {
  private static final int OK = 200;

  /** How long a connection may take to end an answer that is whole, before it is closed. */
  private static final long LINGER_SECONDS = 1;

  private final Owner owner;
  private final Call call;
  private final Upstream to;
  private final ExchangeSetup setup;
  private final ByteBufAllocator allocator;
  private final TimeLimit stall;

  private @Nullable Attempt attempt;
  private @Nullable AnswerReader reader;
  private boolean begun;
  private boolean paused;
  private boolean stopped;

  AttemptAnswer(
      Owner owner, Call call, Upstream to, ExchangeSetup setup, ByteBufAllocator allocator) {
    this.owner = owner;
    this.call = call;
    this.to = to;
    this.setup = setup;
    this.allocator = allocator;
    this.stall = new TimeLimit(setup.loop(), this::stalled);
  }

  /** Who made the attempt. */
  interface Owner {
    /** The answer begins: what follows is for the client. */
    void firstContent();

    /** Bytes for the client; takes over the reference. */
    void relay(ByteBuf bytes);

    /** What was there to read has been told. */
    void flush();

    /** The streamed answer is whole. */
    void streamFinished(Tokens tokens);

    /** The answer is whole, all at once; takes over the reference. */
    void whole(ByteBuf json, Tokens tokens);

    /** The attempt failed. */
    void failed(Trouble trouble, long contentBytes);
  }

  void start() {
    AttemptRequest request =
        new AttemptRequest(
            to.dialect().pathAndQuery(call.request().operation(), to.target()), headers(), body());
    attempt = setup.pool().open(to, request, this);
  }

  void pause() {
    paused = true;
    stall.none();
    if (attempt != null) {
      attempt.pause();
    }
  }

  void resume() {
    paused = false;
    seenAlive();
    if (attempt != null) {
      attempt.resume();
    }
  }

  /** Cancels it; nothing is said afterwards. */
  void stop() {
    quiet();
    if (attempt != null) {
      attempt.cancel();
    }
  }

  long contentBytes() {
    return reader == null ? 0 : reader.contentBytes();
  }

  @Override
  public void head(int status, HttpHeaders headers) {
    if (stopped) {
      return;
    }
    if (status != OK) {
      reader = new RefusedAnswer(this, to, status, headers::get, allocator);
    } else {
      reader = AnswerReaders.of(this, call, setup, allocator);
    }
  }

  @Override
  public void content(ByteBuf bytes) {
    if (reader == null || stopped) {
      bytes.release();
    } else {
      reader.content(bytes);
      seenAlive();
    }
  }

  @Override
  public void readComplete() {
    if (!stopped) {
      owner.flush();
      if (reader != null) {
        reader.readComplete();
      }
    }
  }

  @Override
  public void complete() {
    if (!stopped && reader != null) {
      reader.complete();
    }
  }

  @Override
  public void failed(AttemptFailure failure) {
    notAnAnswer(new Trouble(failure, OK, null));
  }

  @Override
  public void firstContent() {
    begun = true;
    owner.firstContent();
  }

  @Override
  public void relay(ByteBuf bytes) {
    owner.relay(bytes);
  }

  @Override
  public void streamFinished(Tokens tokens) {
    letConnectionEnd();
    owner.streamFinished(tokens);
  }

  @Override
  public void whole(ByteBuf json, Tokens tokens) {
    quiet();
    owner.whole(json, tokens);
  }

  @Override
  public void notAnAnswer(Trouble trouble) {
    if (!stopped) {
      long contentBytes = contentBytes();
      owner.failed(trouble, contentBytes);
    }
  }

  /** The client has all of it; the connection can serve again once its framing is at its end. */
  private void letConnectionEnd() {
    quiet();
    Attempt ending = attempt;
    if (ending != null) {
      ending.resume();
      setup.loop().schedule(ending::cancel, LINGER_SECONDS, SECONDS);
    }
  }

  /** Any byte is a sign of life; while the client takes nothing, silence is not the provider's. */
  private void seenAlive() {
    if (begun && !paused && !stopped) {
      stall.within(setup.stallWithin());
    }
  }

  private void stalled() {
    String what = to.deployment() + " sent nothing for " + setup.stallWithin() + " in mid-stream";
    notAnAnswer(Trouble.of(STREAM_BROKEN, what));
  }

  private void quiet() {
    stopped = true;
    stall.end();
    if (reader != null) {
      reader.release();
    }
  }

  private HttpHeaders headers() {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    headers.set(
        HttpHeaderNames.ACCEPT,
        call.request().streams()
            ? HttpHeaderValues.TEXT_EVENT_STREAM
            : HttpHeaderValues.APPLICATION_JSON);
    headers.set("x-request-id", call.requestId());
    if (to.credential().isPresent()) {
      to.dialect().authenticate(to.credential().value(), headers::set);
    }
    return headers;
  }

  private ByteBuf body() {
    ByteSlice original = WholeAnswer.slice(call.body());
    BodyEdit edit = new BodyEdit(call.request(), original);
    to.dialect().translate(call.request(), to.target(), call.sender(), edit);
    Splice splice = edit.build();
    ByteBuf body = allocator.buffer(splice.length());
    splice.forEach(
        new Splice.PieceSink() {
          @Override
          public void original(int from, int end) {
            body.writeBytes(original.array(), original.offset() + from, end - from);
          }

          @Override
          public void inserted(ByteSlice bytes) {
            body.writeBytes(bytes.array(), bytes.offset(), bytes.length());
          }
        });
    return body;
  }
}
