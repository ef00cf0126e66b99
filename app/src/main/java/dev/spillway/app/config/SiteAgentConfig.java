package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.SiteId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The whole of {@code site.yaml}: what a partner's agent is told. */
public record SiteAgentConfig(
    @Key("as which of the hub's sites it serves") SiteId site,
    @Key("the ports for links of its hubs, which it dials all; where it joined, if none is named")
        List<Address> hubs,
    @Key(
            "an HTTP proxy that leads to the hubs (CONNECT), and looks their names up; none if not said")
        @Nullable Address proxy,
    @Key("what the agent proves itself to that proxy with (Basic); nothing if not said")
        @Nullable ProxyLogin proxyLogin,
    @Key(
            value = "folder of its key, its certificate and the last policy bundle; made if needed",
            otherwise = "site-state")
        Path state,
    @Key(
            value = "where its page for the partner is; it asks for no login",
            otherwise = "127.0.0.1:9191")
        Address status,
    @Key(
            "names by which that page is asked for, without a port; IP addresses and localhost need"
                + " not be said, any other name is refused with 421")
        List<HostName> statusHosts,
    @Key(value = "requests that it takes at once", otherwise = "4096", atLeast = "1") int requests,
    @Key(
            value = "memory for the bodies of requests",
            otherwise = "256MiB",
            atLeast = "1MiB",
            atMost = "64GiB")
        ByteSize bodyMemory,
    @Key(
            value = "how long open answers have to end when it stops",
            otherwise = "30s",
            atLeast = "0s",
            atMost = "1h")
        Duration drainWithin,
    @Key("what it serves, by the hub's names") Map<DeploymentId, Served> deployments) {
  /** Refuses an agent that could serve nobody. */
  public SiteAgentConfig {
    if (hubs.stream().anyMatch(each -> each.port() == 0)) {
      throw new IllegalArgumentException("hubs: port 0 (expected: each with its port)");
    }
    if (proxyLogin != null && proxy == null) {
      throw new IllegalArgumentException("proxy-login: of no use (expected: with proxy)");
    }
    if (deployments.isEmpty()) {
      throw new IllegalArgumentException("deployments: none (expected: at least one)");
    }
  }

  /** Whom a proxy lets through. */
  public record ProxyLogin(
      @Key("the user's name, without a colon") String user,
      @Key("where the user's password is") SecretSource password) {
    /** Refuses what cannot be sent. */
    public ProxyLogin {
      if (user.isEmpty() || user.chars().anyMatch(each -> each == ':' || each < ' ')) {
        throw new IllegalArgumentException("user: expected a name without a colon");
      }
    }
  }

  /** One of the hub's deployments, as it is served here. */
  public record Served(
      @Key("the replicas, at least one") List<Engine> engines,
      @Key(
              value = "input tokens that one of them reads in a second; learnt if 0",
              otherwise = "0",
              atLeast = "0")
          double prefillTokensPerSecond,
      @Key(
              value =
                  "whether a tenant's request may go where another's prompt began the same; only where"
                      + " all may know of one another",
              otherwise = "false")
          boolean sharePrefixes,
      @Key(
              value =
                  "whether they are measured, with small requests and while they have no others",
              otherwise = "true")
          boolean calibrate) {
    /** Refuses one without engines. */
    public Served {
      if (engines.isEmpty()) {
        throw new IllegalArgumentException("engines: none (expected: at least one)");
      }
    }
  }

  /** One engine. */
  public record Engine(
      @Key("where its API is, next to the agent, which speaks no TLS to it") EngineUrl url,
      @Key(
              value = "which engine it is: vllm, sglang, llamacpp and tgi show load",
              otherwise = "vllm")
          String kind,
      @Key(value = "sequences that it batches at once", otherwise = "256", atLeast = "1")
          int sequences) {}
}
