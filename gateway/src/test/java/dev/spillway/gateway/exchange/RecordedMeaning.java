package dev.spillway.gateway.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.providers.Dialects;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down what an answer was said to mean, and lets go of every buffer. */
final class RecordedMeaning implements AnswerReader.Meaning {
  /** Of a provider that speaks the API as it is, and sent no header that matters. */
  static final ProviderErrors ERRORS =
      new ProviderErrors(
          Dialects.named("openai"), new NotThere(NotThere.What.CONFIGURED, false), _ -> null);

  final StringBuilder relayed = new StringBuilder();
  final List<String> ends = new ArrayList<>();
  boolean begun;
  int last;
  @Nullable Tokens tokens;

  /** Bytes as they come from a socket; unlike those of Unpooled, a leak of them is seen. */
  static ByteBuf read(byte... bytes) {
    return ByteBufAllocator.DEFAULT.buffer(bytes.length).writeBytes(bytes);
  }

  /** The same as one chunk, whose framing is around it. */
  static ByteBuf chunk(byte... bytes) {
    byte[] framing = (Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8);
    ByteBuf read = ByteBufAllocator.DEFAULT.buffer(framing.length + bytes.length + 2);
    read.writeBytes(framing).writeBytes(bytes).writeBytes(new byte[] {'\r', '\n'});
    return read.setIndex(framing.length, framing.length + bytes.length);
  }

  @Override
  public void firstContent() {
    begun = true;
  }

  @Override
  public void relay(ByteBuf bytes) {
    last = System.identityHashCode(bytes);
    relayed.append(bytes.toString(UTF_8));
    bytes.release();
  }

  @Override
  public void streamFinished(Tokens counted) {
    tokens = counted;
    ends.add("finished");
  }

  @Override
  public void whole(ByteBuf json, Tokens counted) {
    relay(json);
    tokens = counted;
    ends.add("whole");
  }

  @Override
  public void noRoom() {
    ends.add("no room");
  }

  @Override
  public void notAnAnswer(Trouble trouble) {
    ends.add(trouble.failure().kind().name());
  }
}
