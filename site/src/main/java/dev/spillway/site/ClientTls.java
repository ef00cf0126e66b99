package dev.spillway.site;

import dev.spillway.site.identity.HubTrust;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.wire.link.LinkNames;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;

/** TLS of links, made anew for each certificate; any thread. */
final class ClientTls {
  private final AtomicReference<Made> last = new AtomicReference<>();
  private final Clock clock;

  ClientTls(Clock clock) {
    this.clock = clock;
  }

  private record Made(SiteIdentity identity, SslContext context) {}

  SslContext of(SiteIdentity identity) {
    Made made = last.get();
    if (made == null || !made.identity().equals(identity)) {
      made = new Made(identity, context(identity));
      last.set(made);
    }
    return made.context();
  }

  private SslContext context(SiteIdentity identity) {
    try {
      return SslContextBuilder.forClient()
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3")
          .keyManager(identity.key(), identity.certificate())
          .trustManager(HubTrust.by(identity.authority(), clock))
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  LinkNames.PROTOCOL))
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("this Java has no TLS 1.3", e);
    }
  }
}
