package dev.spillway.simulator.live;

import io.netty.buffer.ByteBuf;

/** How one API says an answer: in events, or whole. Belongs to one answer. */
interface Wording {
  /** Room for an event beside its token, bytes. */
  int eventBytes();

  /** What comes before the first token. */
  void open(ByteBuf to);

  /** One token, at least one byte of it, as it is written within a JSON string. */
  void token(byte[] shown, ByteBuf to);

  /** What comes after the last one, when so many have been made. */
  void close(int generated, ByteBuf to);

  /** What comes instead, if the engine fails. */
  void fail(ApiError error, ByteBuf to);

  /** All of it at once; the text as it is written within a JSON string. */
  CharSequence whole(String text);
}
