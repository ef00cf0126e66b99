package dev.spillway.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy on this machine that knows one method, CONNECT, and for which every name is that of
 * this machine.
 *
 * <p>Two virtual threads a connection.
 */
public final class ConnectProxy implements AutoCloseable {
  private static final int LONGEST_HEAD = 8 << 10;
  private static final String AGREES = "HTTP/1.1 200 Connection established\r\n\r\n";

  private static final String ASKS_FOR_LOGIN =
      "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"testkit\"";

  private final ServerSocket listening;
  private final @Nullable String login;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String refusal;

  private ConnectProxy(ServerSocket listening, @Nullable String login) {
    this.listening = listening;
    this.login = login;
    Thread.ofVirtual().name("proxy").start(this::accept);
  }

  /** One that leads anywhere. */
  public static ConnectProxy open() {
    return open(null);
  }

  /** One that leads anywhere whoever logs in with this name and password, by the Basic scheme. */
  public static ConnectProxy openTo(String user, String password) {
    String both = user + ":" + password;
    return open("Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8)));
  }

  private static ConnectProxy open(@Nullable String login) {
    try {
      return new ConnectProxy(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()), login);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public int port() {
    return listening.getLocalPort();
  }

  /** What it was asked to lead to, such as {@code hub.example:8443}, in order. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /**
   * Refuses from now on, with this status, such as {@code 407 Proxy Authentication Required}, and
   * with what fields of the head may follow it in lines of their own.
   */
  public void refuse(String status) {
    refusal = status;
  }

  @Override
  public void close() {
    close(listening);
    open.forEach(ConnectProxy::close);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        open.add(client);
        Thread.ofVirtual().name("proxy").start(() -> serve(client));
      }
    } catch (IOException e) {
      close(); // told to stop
    }
  }

  private void serve(Socket client) {
    try (client) {
      List<String> head = head(client.getInputStream()).lines().toList();
      String[] line = head.getFirst().split(" ", 3);
      asked.add(line[1]);
      String no = line[0].equals("CONNECT") ? refusal(head) : "405 Method Not Allowed";
      if (no == null) {
        int port = Integer.parseInt(line[1].substring(line[1].lastIndexOf(':') + 1));
        lead(client, port);
      } else {
        say(client, "HTTP/1.1 " + no + "\r\ncontent-length: 0\r\n\r\n");
      }
    } catch (IOException e) {
      // gone, here or there; the end of it either way
    } finally {
      open.remove(client);
    }
  }

  private @Nullable String refusal(List<String> head) {
    String told = refusal;
    boolean mayPass = login == null || head.contains("Proxy-Authorization: " + login);
    return told != null || mayPass ? told : ASKS_FOR_LOGIN;
  }

  private void lead(Socket client, int port) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      open.add(server);
      say(client, AGREES);
      Thread.ofVirtual().name("proxy").start(() -> carry(server, client));
      carry(client, server);
      open.remove(server);
    }
  }

  private static void carry(Socket from, Socket into) {
    try {
      from.getInputStream().transferTo(into.getOutputStream());
    } catch (IOException e) {
      // closed here or there; the end of it either way
    }
    close(from);
    close(into);
  }

  /** To the empty line, not a byte further. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0 || head.length() > LONGEST_HEAD) {
        throw new IOException("not a head");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void say(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException("a socket cannot be closed", e);
    }
  }
}
