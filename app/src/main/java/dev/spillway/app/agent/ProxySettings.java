package dev.spillway.app.agent;

import dev.spillway.app.assembly.SecretReader;
import dev.spillway.app.assembly.UnreadableSecretException;
import dev.spillway.app.config.Address;
import dev.spillway.app.config.SiteAgentConfig;
import dev.spillway.site.proxy.HttpProxy;
import dev.spillway.site.proxy.ProxyLogin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The proxy of a configuration, with its password read. */
final class ProxySettings {
  private ProxySettings() {}

  /**
   * Reads it; null if none is said. Blocks.
   *
   * @param base what paths of the configuration are relative to
   * @throws IOException if the password cannot be read
   * @throws InterruptedException if the calling thread was interrupted
   */
  static @Nullable HttpProxy of(SiteAgentConfig config, Path base)
      throws IOException, InterruptedException {
    Address said = config.proxy();
    return said == null
        ? null
        : new HttpProxy(
            InetSocketAddress.createUnresolved(said.host(), said.port()), login(config, base));
  }

  private static @Nullable ProxyLogin login(SiteAgentConfig config, Path base)
      throws IOException, InterruptedException {
    SiteAgentConfig.ProxyLogin said = config.proxyLogin();
    if (said == null) {
      return null;
    }
    try {
      SecretReader reader = new SecretReader(base, System.getenv());
      return new ProxyLogin(said.user(), reader.read(said.password()).value());
    } catch (UnreadableSecretException e) {
      throw new UnreadableLoginException("proxy-login.password", e.getMessage(), e);
    }
  }
}
