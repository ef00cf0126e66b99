package dev.spillway.gateway.server;

import io.netty.handler.codec.http.DefaultHttpObject;

/**
 * A head that is the one before it on its connection, byte for byte but for the length of the body,
 * which follows as any does.
 */
final class HeadLikeBefore extends DefaultHttpObject {
  private final int bodyBytes;

  /**
   * Another request's.
   *
   * @param bodyBytes at least 1
   */
  HeadLikeBefore(int bodyBytes) {
    this.bodyBytes = bodyBytes;
  }

  int bodyBytes() {
    return bodyBytes;
  }
}
