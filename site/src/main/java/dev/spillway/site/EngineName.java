package dev.spillway.site;

import dev.spillway.site.engine.EngineAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What an engine is called before the hub: the same by every agent that reaches it by the same
 * address, and nothing that tells the address.
 *
 * <p>An address of this machine alone (127.0.0.1, localhost) means another engine on another
 * machine: there the machine's name is part of it. An engine that two agents reach by two addresses
 * is two engines to the hub.
 */
final class EngineName {
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final int BYTES = 8;

  private EngineName() {}

  static String of(EngineAddress address) {
    return of(address, isOfThisMachine(address.host()) ? hostName() : "");
  }

  static String of(EngineAddress address, String machine) {
    String text = machine + "|" + address.host().toLowerCase(Locale.ROOT) + "|" + address.port();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static boolean isOfThisMachine(String host) {
    return host.equalsIgnoreCase("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  private static String hostName() {
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException e) {
      return ""; // no Linux: agents of one site on several machines should name them by address
    }
  }
}
