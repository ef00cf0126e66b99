package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the hub listens. */
public record ListenConfig(
    @Key(value = "where clients connect", otherwise = "127.0.0.1:8080") Address data,
    @Key(
            value = "where operators and Prometheus connect; it asks for no login",
            otherwise = "127.0.0.1:9090")
        Address admin,
    @Key(
            "names by which operators, Prometheus or a proxy ask for the admin port, without a port;"
                + " IP addresses and localhost need not be said, any other name is refused with 421")
        List<HostName> adminHosts,
    @Key("where agents of partner sites link; none can if not said") @Nullable Address links,
    @Key(
            value =
                "folder of the authority under which agents join; made if needed, its owner's alone",
            otherwise = "links")
        Path linkStore,
    @Key(
            "file of an authority under which agents join, instead of one of the hub's own: PEM,"
                + " its certificate and its EC key")
        @Nullable Path linkAuthority,
    @Key(
            "ports for links of all replicas of this hub, as agents reach them, at most 16: agents"
                + " link to each; replicas share one link-store")
        List<Address> linkReplicas,
    @Key(
            value = "how long an agent's certificate is good; renewed when a third of it is over",
            otherwise = "24h",
            atLeast = "5m",
            atMost = "30d")
        Duration linkCertificateLife,
    @Key(
            value =
                "how long after its certificate ended an agent may still renew it, with the same key",
            otherwise = "7d",
            atLeast = "0s",
            atMost = "365d")
        Duration linkGrace,
    @Key("what the data port proves itself with; without it, it speaks plain HTTP")
        @Nullable TlsConfig tls,
    @Key("origins whose web pages may call the data port") List<Origin> corsOrigins,
    @Key(
            value = "whether heads of answers name the site and deployment that served them",
            otherwise = "told")
        SiteNames siteNames,
    @Key(
            value =
                "how bytes get in and out: io-uring saves a quarter of a short request's CPU time"
                    + " where the kernel and the container permit it; auto is epoll on Linux",
            otherwise = "auto")
        Transport transport) {
  private static final int MOST_REPLICAS = 16;

  /** Refuses replicas that agents would not take. */
  public ListenConfig {
    if (linkReplicas.size() > MOST_REPLICAS
        || Set.copyOf(linkReplicas).size() < linkReplicas.size()
        || linkReplicas.stream().anyMatch(each -> each.port() == 0)) {
      throw new IllegalArgumentException(
          "link-replicas: expected at most " + MOST_REPLICAS + ", none twice, each with its port");
    }
  }

  /** The rest, which is read at the start only. */
  public ListenConfig withoutReplicas() {
    return new ListenConfig(
        data,
        admin,
        adminHosts,
        links,
        linkStore,
        linkAuthority,
        List.of(),
        linkCertificateLife,
        linkGrace,
        tls,
        corsOrigins,
        siteNames,
        transport);
  }

  /** Whether callers are told who served them. */
  public enum SiteNames {
    /** In heads of answers. */
    TOLD,
    /** Partners need not be known. */
    KEPT
  }

  /** How bytes get in and out. */
  public enum Transport {
    /** Epoll on Linux, else what the JDK has. */
    AUTO,
    /** Linux's epoll. */
    EPOLL,
    /** Linux's io_uring. */
    IO_URING,
    /** What the JDK has. */
    NIO
  }
}
