package dev.spillway.app.cli;

import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.MalformedMessage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option that names hubs to join at. */
final class HubOption {
  @Option(
      names = "--hub",
      paramLabel = "URL",
      converter = Converter.class,
      description =
          "Where to join, such as https://hub.example:8443; may be repeated. Without hubs in the"
              + " file, the agent links there from then on.")
  private List<HubAddress> hubs = new ArrayList<>();

  /** None if not said. */
  List<HubAddress> hubs() {
    return hubs;
  }

  /** Reads a URL, or a host with its port. */
  static final class Converter implements ITypeConverter<HubAddress> {
    private static final String SCHEME = "https://";
    private static final int DEFAULT_PORT = 443;

    @Override
    public HubAddress convert(String text) {
      try {
        return text.contains("://") ? ofUrl(URI.create(text)) : HubAddress.parse(text);
      } catch (MalformedMessage | IllegalArgumentException e) {
        throw new TypeConversionException(
            "'" + text + "' (expected: such as " + SCHEME + "hub.example:8443, without a path)");
      }
    }

    private static HubAddress ofUrl(URI url) throws MalformedMessage {
      boolean bare =
          (url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
              && url.getRawQuery() == null
              && url.getRawFragment() == null
              && url.getRawUserInfo() == null;
      if (!"https".equalsIgnoreCase(url.getScheme()) || url.getHost() == null || !bare) {
        throw new IllegalArgumentException("no address of a hub");
      }
      int port = url.getPort() < 0 ? DEFAULT_PORT : url.getPort();
      return HubAddress.parse(url.getHost() + ":" + port);
    }
  }
}
