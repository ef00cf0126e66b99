package dev.spillway.site;

import dev.spillway.core.provider.CapacityApi;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.provider.ProviderException;
import dev.spillway.site.engine.EngineAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** The load of an engine that shows none: nothing, as long as its port takes connections. */
final class PortProbe implements CapacityApi {
  private static final int WITHIN_MILLIS = 1_000;

  private final EngineAddress address;

  PortProbe(EngineAddress address) {
    this.address = address;
  }

  @Override
  public EngineReport read() throws ProviderException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), WITHIN_MILLIS);
      return new EngineReport(0, 0, 0, 1);
    } catch (IOException e) {
      throw new ProviderException("no connection to " + address, e);
    }
  }
}
