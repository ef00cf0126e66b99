package dev.spillway.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** What a client may speak on the one port. */
enum Protocol {
  HTTP_1_1,
  HTTP_2;

  /** A client of its own connection. */
  TestClient connect(TestHub hub) throws IOException {
    return on(new Socket(InetAddress.getLoopbackAddress(), hub.port()));
  }

  /** A client of this connection, which it takes over. */
  TestClient on(Socket socket) throws IOException {
    return switch (this) {
      case HTTP_1_1 -> new RawClient(socket);
      case HTTP_2 -> new Http2Client(socket);
    };
  }
}
