package dev.spillway.app.hub;

import dev.spillway.app.assembly.Assembly;
import dev.spillway.app.config.LimitsConfig;
import dev.spillway.app.config.ListenConfig;
import dev.spillway.app.config.Origin;
import dev.spillway.app.config.SpillwayConfig;
import dev.spillway.app.config.TlsConfig;
import dev.spillway.control.hosts.ServedHosts;
import dev.spillway.control.sites.Enrolment;
import dev.spillway.gateway.GatewayConfig;
import dev.spillway.gateway.GatewayConfig.Names;
import dev.spillway.gateway.GatewayConfig.Tls;
import dev.spillway.gateway.GatewayConfig.Transport;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is read of a configuration once, at the start.
 *
 * @param gateway of the data port
 * @param admin where the admin port listens
 * @param adminHosts the names under which it answers
 */
record Settings(GatewayConfig gateway, InetSocketAddress admin, ServedHosts adminHosts) {
  private static final int LOOP_PER_CORE = 0;

  /** Of this configuration; its files are relative to {@code folder}. */
  static Settings of(SpillwayConfig config, Path folder) {
    ListenConfig listen = config.listen();
    LimitsConfig limits = config.limits();
    GatewayConfig gateway =
        new GatewayConfig(
            listen.data().host(),
            listen.data().port(),
            LOOP_PER_CORE,
            transport(listen.transport()),
            Math.toIntExact(limits.body().bytes()),
            Math.toIntExact(limits.upload().bytes()),
            limits.bodyMemory().bytes(),
            limits.continuationMemory().bytes(),
            limits.answerMemory().bytes(),
            Math.toIntExact(limits.head().bytes()),
            limits.connections(),
            limits.requestWithin(),
            limits.idleWithin(),
            names(listen.siteNames()),
            listen.corsOrigins().stream().map(Origin::value).toList(),
            tls(listen.tls(), folder));
    return new Settings(
        gateway,
        listen.admin().toSocketAddress(),
        listen.admin().hosts("listen.admin-hosts", listen.adminHosts()));
  }

  /** What paths of a configuration are relative to. */
  static Path folderOf(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file.toAbsolutePath() : folder;
  }

  /** The folder of what the hub has for its agents; null if it listens for none. */
  static @Nullable Path linkStore(SpillwayConfig config, Path folder) {
    ListenConfig listen = config.listen();
    return listen.links() == null ? null : folder.resolve(listen.linkStore());
  }

  /** The file of an authority from outside for its agents; null for the hub's own. */
  static @Nullable Path linkAuthority(SpillwayConfig config, Path folder) {
    Path file = config.listen().linkAuthority();
    return file == null ? null : folder.resolve(file);
  }

  /** For how long agents are let in. */
  static Enrolment.Terms linkTerms(SpillwayConfig config) {
    ListenConfig listen = config.listen();
    return new Enrolment.Terms(listen.linkCertificateLife(), listen.linkGrace());
  }

  /** The keys under which two configurations differ in what only a start reads. */
  static List<String> needRestart(Assembly before, Assembly after) {
    List<String> keys = new ArrayList<>();
    ListenConfig listened = before.config().listen().withoutReplicas();
    if (!listened.equals(after.config().listen().withoutReplicas())) {
      keys.add("listen");
    }
    LimitsConfig limited = before.config().limits().withoutDrain();
    if (!limited.equals(after.config().limits().withoutDrain())) {
      keys.add("limits");
    }
    return keys;
  }

  private static Names names(ListenConfig.SiteNames names) {
    return switch (names) {
      case TOLD -> Names.TOLD;
      case KEPT -> Names.KEPT;
    };
  }

  private static Transport transport(ListenConfig.Transport transport) {
    return switch (transport) {
      case AUTO -> Transport.AUTO;
      case EPOLL -> Transport.EPOLL;
      case IO_URING -> Transport.IO_URING;
      case NIO -> Transport.NIO;
    };
  }

  private static @Nullable Tls tls(@Nullable TlsConfig tls, Path folder) {
    return tls == null
        ? null
        : new Tls(folder.resolve(tls.certificate()), folder.resolve(tls.key()));
  }
}
