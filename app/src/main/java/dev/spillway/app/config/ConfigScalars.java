package dev.spillway.app.config;

import dev.spillway.app.yaml.ScalarType;
import dev.spillway.app.yaml.Scalars;
import dev.spillway.core.model.Accelerator;
import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** How the values of {@code spillway.yaml} are written. */
final class ConfigScalars {
  private static final String NAME = "^[A-Za-z0-9][A-Za-z0-9._/:-]{0,127}$";
  private static final String MONEY = "^[0-9]{1,10}(\\.[0-9]{1,9})? USD$";
  private static final String CURRENCY = " USD";
  private static final String URL = "^https?://[^/@?#\\s_]+(/[^?#\\s]*)?$";
  private static final int NANO = 9;
  private static final int MOST_PORT = 0xFFFF;

  static final Scalars ALL =
      new Scalars(
          List.of(
              name(PlatformId.class, PlatformId::new),
              name(SiteId.class, SiteId::new),
              name(ProviderId.class, ProviderId::new),
              name(DeploymentId.class, DeploymentId::new),
              name(ClauseId.class, ClauseId::new),
              name(TenantId.class, TenantId::new),
              name(ModelName.class, ModelName::new),
              name(Geography.class, Geography::new),
              name(Accelerator.class, Accelerator::new),
              new ScalarType<>(
                  NanoUsd.class, "an amount such as 1.00 USD", MONEY, ConfigScalars::money),
              new ScalarType<>(
                  TokenPrice.class,
                  "a price such as 2.50 USD/1M",
                  TokenPrice.PATTERN,
                  TokenPrice::parse),
              new ScalarType<>(
                  ByteSize.class,
                  "a size with its unit, such as 16KiB or 10MiB",
                  ByteSize.PATTERN,
                  ByteSize::parse),
              new ScalarType<>(Share.class, "a share such as 99.5%", Share.PATTERN, Share::parse),
              new ScalarType<>(
                  Address.class,
                  "host and port, such as 127.0.0.1:8080",
                  Address.PATTERN,
                  Address::parse),
              new ScalarType<>(
                  URI.class,
                  "a URL such as https://contoso.openai.azure.com, without user, query or fragment,"
                      + " and no _ in its host",
                  URL,
                  ConfigScalars::url),
              new ScalarType<>(
                  EngineUrl.class,
                  "a URL such as http://127.0.0.1:8000, without TLS, user, query or fragment, and"
                      + " no _ in its host",
                  EngineUrl.PATTERN,
                  text -> new EngineUrl(url(text))),
              new ScalarType<>(
                  Origin.class,
                  "an origin such as https://chat.example.com",
                  Origin.PATTERN,
                  Origin::new),
              new ScalarType<>(
                  HostName.class,
                  "the name of a host such as hub.example.com",
                  HostName.PATTERN,
                  HostName::new),
              new ScalarType<>(
                  EnvName.class, "a variable such as AZURE_KEY", EnvName.PATTERN, EnvName::new),
              new ScalarType<>(
                  Sha256.class, "64 hex digits in lower case", Sha256.PATTERN, Sha256::new),
              ScalarType.of(Path.class, "a path", Path::of)));

  private ConfigScalars() {}

  static NanoUsd money(String text) {
    if (!text.matches(MONEY)) {
      throw new IllegalArgumentException(text);
    }
    BigDecimal dollars = new BigDecimal(text.substring(0, text.length() - CURRENCY.length()));
    try {
      return new NanoUsd(dollars.movePointRight(NANO).longValueExact());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static URI url(String text) {
    URI url = URI.create(text);
    boolean isPort = url.getPort() != 0 && url.getPort() <= MOST_PORT;
    if (!text.matches(URL) || url.getHost() == null || !isPort) {
      throw new IllegalArgumentException("a URL of another form");
    }
    return url;
  }

  private static <T> ScalarType<T> name(Class<T> type, Function<String, T> make) {
    return new ScalarType<>(
        type, "a name of letters, digits and . _ - / :, the first a letter or digit", NAME, make);
  }
}
