package dev.spillway.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/** The way to an engine, which breaks every answer that is made of more events than it carries. */
final class CutWire implements AutoCloseable {
  private final ServerSocket door;
  private final URI engine;
  private final int eventsBeforeTheCut;
  private final AtomicInteger cuts = new AtomicInteger();

  private CutWire(URI engine, int eventsBeforeTheCut) throws IOException {
    this.engine = engine;
    this.eventsBeforeTheCut = eventsBeforeTheCut;
    this.door = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  }

  /** That carries so many events of an answer. */
  static CutWire to(URI engine, int eventsBeforeTheCut) throws IOException {
    CutWire wire = new CutWire(engine, eventsBeforeTheCut);
    Thread.startVirtualThread(wire::open);
    return wire;
  }

  String url() {
    return "http://127.0.0.1:" + door.getLocalPort();
  }

  /** How many answers broke. */
  int cuts() {
    return cuts.get();
  }

  @Override
  public void close() throws IOException {
    door.close();
  }

  private void open() {
    try {
      while (true) {
        Socket client = door.accept();
        Thread.startVirtualThread(() -> carry(client));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void carry(Socket client) {
    try (client;
        Socket server = new Socket(engine.getHost(), engine.getPort())) {
      Thread.startVirtualThread(() -> copy(client, server));
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] bytes = new byte[8192];
      int events = 0;
      for (int read = in.read(bytes); read > 0; read = in.read(bytes)) {
        String text = new String(bytes, 0, read, ISO_8859_1);
        events += text.split("data: ", -1).length - 1;
        if (events > eventsBeforeTheCut) {
          cuts.incrementAndGet();
          client.setSoLinger(true, 0);
          return;
        }
        out.write(bytes, 0, read);
      }
    } catch (IOException _) {
      // one of them left
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // one of them left
    }
  }
}
