package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.simulator.live.ChatCall.StreamUsage;
import io.netty.buffer.ByteBuf;

/**
 * A chat completion as server-sent events, a token an event.
 *
 * <p>All that does not change from token to token is made once. While the connection takes no more
 * bytes nothing is written: since a token follows from its position, there is nothing to keep.
 */
final class ChatStream implements Generation.Answer {
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(UTF_8);
  private static final byte[] ROLE =
      delta("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}");
  private static final byte[] CONTENT_BEGIN =
      "{\"index\":0,\"delta\":{\"content\":\"".getBytes(UTF_8);
  private static final byte[] CONTENT_END =
      "\"},\"logprobs\":null,\"finish_reason\":null}".getBytes(UTF_8);

  private final HttpReply reply;
  private final EngineLoop engine;
  private final AnswerPlan plan;
  private final byte[] begin;
  private final byte[] end;
  private final StreamUsage usage;

  private int generated;
  private int written;
  private int visibleLeft;
  private boolean begun;
  private boolean complete;
  private boolean ended;

  /** A stream whose head is sent at once. */
  ChatStream(HttpReply reply, EngineLoop engine, AnswerHead head, AnswerPlan plan) {
    this.reply = reply;
    this.engine = engine;
    this.plan = plan;
    this.usage = plan.call().usage();
    this.visibleLeft = plan.visibleBytes();
    this.begin = ("data: " + head.json("chat.completion.chunk") + ",\"choices\":[").getBytes(UTF_8);
    this.end = (usage == StreamUsage.INCLUDED ? "],\"usage\":null}\n\n" : "]}\n\n").getBytes(UTF_8);
    reply.beginEvents();
  }

  @Override
  public void token(int count) {
    generated = count;
    write();
  }

  @Override
  public void complete() {
    complete = true;
    write();
  }

  @Override
  public void writable() {
    if (generated > 0) {
      write();
      reply.flush();
    }
  }

  @Override
  public AnswerPlan.FinishReason finishReason() {
    return plan.finishReason();
  }

  private void write() {
    if (!begun) {
      begun = true;
      event(ROLE);
    }
    while (written < generated && reply.isWritable()) {
      content(plan.text().token(written++));
    }
    if (complete && written == generated && !ended) {
      ended = true;
      finish();
    }
    engine.flushLater(reply);
  }

  private void content(byte[] token) {
    int shown = Math.min(token.length, visibleLeft);
    visibleLeft -= shown;
    if (shown == 0) {
      return;
    }
    ByteBuf event =
        reply.room(begin.length + CONTENT_BEGIN.length + shown + CONTENT_END.length + end.length);
    event.writeBytes(begin).writeBytes(CONTENT_BEGIN);
    event.writeBytes(token, 0, shown);
    event.writeBytes(CONTENT_END).writeBytes(end);
    reply.events(event);
  }

  private void finish() {
    String choice =
        "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\""
            + plan.finishReason().wireName()
            + "\"}";
    event(choice.getBytes(UTF_8));
    byte[] counted = usage == StreamUsage.INCLUDED ? usageEvent() : new byte[0];
    ByteBuf last = reply.room(counted.length + DONE.length);
    reply.events(last.writeBytes(counted).writeBytes(DONE));
    reply.endEvents();
  }

  private byte[] usageEvent() {
    String head = new String(begin, UTF_8);
    return (head + "]," + AnswerHead.usage(plan.call().inputTokens(), generated) + "}\n\n")
        .getBytes(UTF_8);
  }

  private void event(byte[] choice) {
    ByteBuf event = reply.room(begin.length + choice.length + end.length);
    reply.events(event.writeBytes(begin).writeBytes(choice).writeBytes(end));
  }

  private static byte[] delta(String delta) {
    String choice =
        "{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":null}";
    return choice.getBytes(UTF_8);
  }
}
