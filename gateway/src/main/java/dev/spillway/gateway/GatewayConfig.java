package dev.spillway.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the data plane listens and what it takes ({@code listen.data} and {@code limits.*}).
 *
 * @param host address to bind
 * @param port port to bind; 0 for any that is free
 * @param loops event loops, at least 1; 0 for one per core
 * @param transport {@code AUTO} takes epoll where it is there
 * @param maxBodyBytes the longest body of one request, at least 1 KiB
 * @param maxUploadBytes the longest form with files, at least 1 KiB
 * @param bodyMemoryBytes memory for the bodies of all requests together, at least one body
 * @param continuationMemoryBytes memory for what is kept of all answers under way together, so that
 *     they can be continued elsewhere; at least 0, which keeps nothing
 * @param answerMemoryBytes memory for all answers together that are held until all of them came; at
 *     least 0, which holds none but short ones
 * @param maxHeaderBytes the longest head, at least 1 KiB; of its lines there are 256 at most
 * @param maxConnections open client connections, at least 1
 * @param requestWithin a client must have sent its request by then, more than zero; for each 64 KiB
 *     of its body that came it has a second more
 * @param idleWithin a connection without a request is closed after this, and an answer given up of
 *     which its client took nothing in that time; more than zero
 * @param names whether answers say which site and deployment served them
 * @param corsOrigins origins whose pages may call; empty for none
 * @param tls certificate and key; null for plain HTTP
 */
public record GatewayConfig(
    String host,
    int port,
    int loops,
    Transport transport,
    int maxBodyBytes,
    int maxUploadBytes,
    long bodyMemoryBytes,
    long continuationMemoryBytes,
    long answerMemoryBytes,
    int maxHeaderBytes,
    int maxConnections,
    Duration requestWithin,
    Duration idleWithin,
    Names names,
    List<String> corsOrigins,
    @Nullable Tls tls) {
  /** Checks every bound and copies. */
  public GatewayConfig {
    corsOrigins = List.copyOf(corsOrigins);
    require(port >= 0 && port <= 65_535, "port", port, "0 to 65535");
    require(loops >= 0, "loops", loops, ">= 0");
    require(maxBodyBytes >= 1_024, "max-body", maxBodyBytes, ">= 1 KiB");
    require(maxUploadBytes >= 1_024, "max-upload", maxUploadBytes, ">= 1 KiB");
    require(bodyMemoryBytes >= maxBodyBytes, "body-memory", bodyMemoryBytes, ">= max-body");
    require(bodyMemoryBytes >= maxUploadBytes, "body-memory", bodyMemoryBytes, ">= max-upload");
    require(continuationMemoryBytes >= 0, "continuation-memory", continuationMemoryBytes, ">= 0");
    require(answerMemoryBytes >= 0, "answer-memory", answerMemoryBytes, ">= 0");
    require(maxHeaderBytes >= 1_024, "max-headers", maxHeaderBytes, ">= 1 KiB");
    require(maxConnections >= 1, "max-connections", maxConnections, ">= 1");
    require(requestWithin.isPositive(), "request-within", requestWithin.toNanos(), "> 0");
    require(idleWithin.isPositive(), "idle-within", idleWithin.toNanos(), "> 0");
  }

  /** The defaults, on this address. */
  public static GatewayConfig on(String host, int port) {
    return new GatewayConfig(
        host,
        port,
        0,
        Transport.AUTO,
        10 << 20,
        64 << 20,
        512L << 20,
        64L << 20,
        512L << 20,
        64 << 10,
        10_000,
        Duration.ofSeconds(30),
        Duration.ofSeconds(75),
        Names.TOLD,
        List.of(),
        null);
  }

  /** How bytes get in and out. */
  public enum Transport {
    /** Epoll where it is there, else NIO. */
    AUTO,
    /** Linux's own. */
    EPOLL,
    /** Linux's newer one: fewer system calls a request; many containers do not permit it. */
    IO_URING,
    /** The JDK's. */
    NIO
  }

  /** Whether callers are told who served them. */
  public enum Names {
    /** In headers of the answer. */
    TOLD,
    /** Partners need not be known. */
    KEPT
  }

  /**
   * A certificate in PEM files.
   *
   * @param certificate the chain, the server's own first
   * @param key its private key, PKCS#8
   */
  public record Tls(Path certificate, Path key) {}

  private static void require(boolean holds, String key, long value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "data." + key + ": " + value + " (expected: " + expected + ")");
    }
  }
}
