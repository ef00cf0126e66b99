package dev.spillway.gateway.exchange;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;

import dev.spillway.wire.chat.AnswerType;
import dev.spillway.wire.chat.MediaEstimates;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Sound: passed on as it comes, so that it takes no memory and the client hears its beginning at
 * once.
 *
 * <p>Nothing in it says that it is whole, so its framing must: an answer that ends with its
 * connection is not taken. One that breaks off breaks the client's connection off, too.
 */
final class SoundAnswer implements AnswerReader {
  private static final int BYTES_PER_TOKEN = 4;

  private final @Nullable AnswerType type;
  private final boolean framed;
  private final Meaning meaning;
  private long bytes;
  private boolean over;

  /**
   * Reads one attempt's answer.
   *
   * @param type what it says that it is; null if nothing that is known
   * @param framed whether its head says how it ends
   */
  SoundAnswer(@Nullable AnswerType type, boolean framed, Meaning meaning) {
    this.type = type;
    this.framed = framed;
    this.meaning = meaning;
  }

  @Override
  public void content(ByteBuf sound) {
    if (over || !isSound()) {
      sound.release();
      fail("sent what is not sound, or has no end");
    } else if (!sound.isReadable()) {
      sound.release();
    } else {
      bytes += sound.readableBytes();
      meaning.firstContent();
      meaning.relay(sound);
    }
  }

  @Override
  public void readComplete() {
    // What was read is on its way.
  }

  @Override
  public void complete() {
    if (bytes == 0) {
      fail("sent no sound");
    } else if (!over) {
      over = true;
      meaning.streamFinished(Tokens.guessed(contentBytes()));
    }
  }

  @Override
  public AnswerType type() {
    return type == null ? AnswerType.OCTETS : type;
  }

  /** As much text as makes as many tokens. */
  @Override
  public long contentBytes() {
    return bytes / MediaEstimates.SPOKEN_BYTES_PER_TOKEN * BYTES_PER_TOKEN;
  }

  @Override
  public long signsOfLife() {
    return bytes;
  }

  @Override
  public void release() {
    over = true;
  }

  private boolean isSound() {
    return framed && type != null && type.isSound();
  }

  private void fail(String what) {
    if (!over) {
      over = true;
      meaning.notAnAnswer(Trouble.of(BAD_ANSWER, what));
    }
  }
}
