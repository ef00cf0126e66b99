package dev.spillway.gateway;

import java.io.IOException;

/** What a client may speak on the one port. */
enum Protocol {
  HTTP_1_1,
  HTTP_2;

  /** A client of its own connection. */
  TestClient connect(TestHub hub) throws IOException {
    return switch (this) {
      case HTTP_1_1 -> new RawClient(hub);
      case HTTP_2 -> new Http2Client(hub);
    };
  }
}
