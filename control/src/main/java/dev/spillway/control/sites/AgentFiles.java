package dev.spillway.control.sites;

import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a store, a file each, named by the agent's key id.
 *
 * <p>A hub with a thousand agents looks at them four times a second: a file is read again only if
 * it is another than the one that was read before, by its number, length and time. Whoever keeps an
 * agent makes another file, so that none of the three alone need be trusted.
 */
final class AgentFiles {
  private final Path folder;
  private final ConcurrentMap<String, Read> known = new ConcurrentHashMap<>();

  AgentFiles(Path folder) {
    this.folder = folder;
  }

  /** A file as it was when it was read. */
  private record Read(Stamp stamp, AgentRecord agent) {}

  private record Stamp(@Nullable Object file, long bytes, FileTime written) {
    static Stamp of(Path file) throws IOException {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(found.fileKey(), found.size(), found.lastModifiedTime());
    }
  }

  void put(AgentRecord agent) throws IOException {
    Properties lines = new Properties();
    lines.setProperty("site", agent.site().value());
    lines.setProperty("provider", agent.provider().value());
    lines.setProperty("tenants", joined(agent.tenants()));
    lines.setProperty("joined-at", agent.joinedAt().toString());
    if (agent.revokedAt() != null) {
      lines.setProperty("revoked-at", agent.revokedAt().toString());
    }
    FileSiteStore.keep(folder.resolve(FileSiteStore.named(agent.keyId())), lines);
  }

  /** All of them, by key id. */
  List<AgentRecord> all() throws IOException {
    List<AgentRecord> found = new ArrayList<>();
    for (Path each : FileSiteStore.list(folder)) {
      String name = each.getFileName().toString();
      if (FileSiteStore.isHash(name)) {
        find(name).ifPresent(found::add);
      }
    }
    return List.copyOf(found);
  }

  Optional<AgentRecord> find(String keyId) throws IOException {
    Path file = folder.resolve(FileSiteStore.named(keyId));
    try {
      Stamp stamp = Stamp.of(file); // before it is read: what replaces it then is read next time
      Read before = known.get(keyId);
      if (before != null && before.stamp().equals(stamp)) {
        return Optional.of(before.agent());
      }
      AgentRecord agent = read(file);
      known.put(keyId, new Read(stamp, agent));
      return Optional.of(agent);
    } catch (NoSuchFileException e) {
      known.remove(keyId);
      return Optional.empty();
    }
  }

  private static AgentRecord read(Path file) throws IOException {
    Properties lines = FileSiteStore.read(file);
    String revokedAt = lines.getProperty("revoked-at");
    return new AgentRecord(
        file.getFileName().toString(),
        new SiteId(lines.getProperty("site", "")),
        new ProviderId(lines.getProperty("provider", "")),
        tenants(lines),
        Instant.parse(lines.getProperty("joined-at", "")),
        revokedAt == null ? null : Instant.parse(revokedAt));
  }

  static String joined(List<TenantId> tenants) {
    return String.join(" ", tenants.stream().map(TenantId::value).toList());
  }

  static List<TenantId> tenants(Properties lines) {
    return Stream.of(lines.getProperty("tenants", "").split(" ", -1))
        .filter(name -> !name.isEmpty())
        .map(TenantId::new)
        .toList();
  }
}
