package dev.spillway.gateway;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken to deployments: the host's name is checked against its certificate, HTTP/1.1 is
 * offered, and sessions are resumed. Made on first use, once for all event loops, which so share
 * the sessions.
 */
public final class UpstreamTls implements Supplier<SslContext> {
  private final @Nullable TrustManagerFactory trust;
  private @Nullable SslContext made;

  /** Trusts whom this Java trusts. */
  public UpstreamTls() {
    this(null);
  }

  /** Trusts these alone; null for whom this Java trusts. */
  UpstreamTls(@Nullable TrustManagerFactory trust) {
    this.trust = trust;
  }

  @Override
  public synchronized SslContext get() {
    try {
      if (made == null) {
        made =
            SslContextBuilder.forClient()
                .trustManager(trust)
                .endpointIdentificationAlgorithm("HTTPS")
                .applicationProtocolConfig(
                    new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_1_1))
                .build();
      }
      return made;
    } catch (SSLException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }
}
