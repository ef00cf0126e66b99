package dev.spillway.app.sites;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.gateway.upstream.Answer;
import dev.spillway.gateway.upstream.Attempt;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An answer as it came, and checks that it came on the caller's loop and in order. */
final class Received implements Answer {
  private final EventLoop caller;
  private final StringBuilder text = new StringBuilder();
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private volatile @Nullable Attempt attempt;
  private volatile @Nullable AttemptFailure failure;
  private volatile int status;
  private final AtomicLong bytes = new AtomicLong();

  Received(EventLoop caller) {
    this.caller = caller;
  }

  void attemptIs(Attempt opened) {
    attempt = opened;
  }

  int status() {
    return status;
  }

  long bytes() {
    return bytes.get();
  }

  boolean isOver() {
    return end.isDone();
  }

  /** Everything that came, once it is whole or broken. */
  String text() throws Exception {
    return end.get(30, TimeUnit.SECONDS);
  }

  @Nullable AttemptFailure failure() throws Exception {
    end.get(30, TimeUnit.SECONDS);
    return failure;
  }

  void pause() {
    onCaller(Attempt::pause);
  }

  void resume() {
    onCaller(Attempt::resume);
  }

  void cancel() {
    onCaller(Attempt::cancel);
  }

  @Override
  public void head(int answered, HttpHeaders headers) {
    check(status == 0);
    status = answered;
  }

  @Override
  public void content(ByteBuf buffer) {
    check(status != 0);
    text.append(buffer.toString(UTF_8));
    bytes.addAndGet(buffer.readableBytes());
    buffer.release();
  }

  @Override
  public void readComplete() {
    check(true);
  }

  @Override
  public void complete() {
    check(status != 0);
    end.complete(text.toString());
  }

  @Override
  public void failed(AttemptFailure why) {
    check(true);
    failure = why;
    end.complete(text.toString());
  }

  private void check(boolean inOrder) {
    if (!inOrder || !caller.inEventLoop() || end.isDone()) {
      end.completeExceptionally(new AssertionError("out of order, or on another loop"));
    }
  }

  private void onCaller(Consumer<Attempt> step) {
    Attempt held = attempt;
    if (held != null) {
      caller.execute(() -> step.accept(held));
    }
  }
}
