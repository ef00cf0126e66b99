package dev.spillway.site;

import dev.spillway.core.seal.SealKey;
import dev.spillway.site.engine.EngineAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a site's engines are called before the hub: the same by every agent of the site that reaches
 * one by the same address, and after every restart, and nothing that tells the address.
 *
 * <p>An address of this machine alone (127.0.0.1, localhost) means another engine on another
 * machine: there the machine's name is part of it. An engine that two agents reach by two addresses
 * is two engines to the hub.
 */
final class EngineNames {
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private final SealKey key;
  private final String machine;

  /** On a machine of this name. */
  EngineNames(SealKey key, String machine) {
    this.key = key;
    this.machine = machine;
  }

  /** On this machine. */
  static EngineNames here(SealKey key) {
    return new EngineNames(key, hostName());
  }

  String of(EngineAddress address) {
    String on = isOfThisMachine(address.host()) ? machine : "";
    return key.mark("engine " + on + "|" + address.authority().toLowerCase(Locale.ROOT));
  }

  private static boolean isOfThisMachine(String host) {
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
