package dev.spillway.gateway;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A client that does as it is told; what it sends is written as HTTP/1.1, whatever it speaks. */
interface TestClient extends AutoCloseable {
  /** Sends requests, or parts of one; each character is one byte. */
  TestClient send(String bytes) throws IOException;

  /** The next answer, in the order of the requests. */
  ReceivedMessage receive() throws IOException;

  /** The next answer; null if the hub closes the connection instead. */
  @Nullable ReceivedMessage receiveOrClosed() throws IOException;

  /** Reads until this was sent; returns what was read, which need not be the whole head. */
  String receiveUntil(String end) throws IOException;

  /** What comes until the hub closes the connection, or ends the stream where there are such. */
  String receiveRest() throws IOException;

  /** Wants no more of the answer that it is reading, and does not say why. */
  void leave() throws IOException;

  @Override
  void close() throws IOException;
}
