package dev.spillway.control.sites;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files in a folder that its owner alone can enter: one a secret, a token, an agent.
 *
 * <p>A file appears whole or not at all (written aside, then moved). A token is used up by moving
 * it away, which the file system lets one mover do.
 */
public final class FileSiteStore implements SiteStore {
  private static final Set<PosixFilePermission> OWNER_FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final String USED_BY = "used-by";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private final Path secrets;
  private final Path tokens;
  private final Path used;
  private final AgentFiles agents;

  private FileSiteStore(Path folder) throws IOException {
    this.secrets = made(folder.resolve("secrets"));
    this.tokens = made(folder.resolve("tokens"));
    this.used = made(folder.resolve("used-tokens"));
    this.agents = new AgentFiles(made(folder.resolve("agents")));
  }

  /**
   * In this folder, which is made if there is none.
   *
   * @throws IOException if it cannot be made, or others may enter it
   */
  public static FileSiteStore in(Path folder) throws IOException {
    made(folder);
    return new FileSiteStore(folder);
  }

  @Override
  public String secret(String name, Supplier<String> make) throws IOException {
    Path file = secrets.resolve(name);
    if (!Files.exists(file)) {
      Path fresh = written(secrets, make.get());
      try {
        Files.createLink(file, fresh);
      } catch (FileAlreadyExistsException e) {
        // Somebody else made it in this moment: theirs it is.
      } finally {
        Files.delete(fresh);
      }
    }
    requireOwnerOnly(file);
    return Files.readString(file, UTF_8);
  }

  @Override
  public void put(String tokenHash, JoinGrant grant) throws IOException {
    Properties lines = new Properties();
    lines.setProperty("site", grant.site().value());
    lines.setProperty("provider", grant.provider().value());
    lines.setProperty("tenants", AgentFiles.joined(grant.tenants()));
    lines.setProperty("expires-at", grant.expiresAt().toString());
    keep(tokens.resolve(named(tokenHash)), lines);
  }

  @Override
  public Optional<JoinGrant> find(String tokenHash) throws IOException {
    try {
      Properties lines = read(tokens.resolve(named(tokenHash)));
      return Optional.of(
          new JoinGrant(
              new SiteId(lines.getProperty("site", "")),
              new ProviderId(lines.getProperty("provider", "")),
              AgentFiles.tenants(lines),
              Instant.parse(lines.getProperty("expires-at", ""))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean use(String tokenHash, String keyId) throws IOException {
    Path token = tokens.resolve(named(tokenHash));
    Path away = used.resolve(named(tokenHash));
    try {
      Files.move(token, away, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return false;
    }
    Properties lines = read(away);
    lines.setProperty(USED_BY, named(keyId));
    keep(away, lines);
    return true;
  }

  @Override
  public Optional<String> usedBy(String tokenHash) throws IOException {
    try {
      return Optional.of(read(used.resolve(named(tokenHash))).getProperty(USED_BY, ""));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public int withdrawTokens(SiteId site) throws IOException {
    int withdrawn = 0;
    for (Path each : list(tokens)) {
      String name = each.getFileName().toString();
      if (isHash(name)
          && find(name).filter(grant -> grant.site().equals(site)).isPresent()
          && Files.deleteIfExists(each)) {
        withdrawn++;
      }
    }
    return withdrawn;
  }

  @Override
  public void forgetTokens(Instant before) throws IOException {
    for (Path folder : List.of(tokens, used)) {
      for (Path each : list(folder)) {
        FileTime written = Files.getLastModifiedTime(each);
        if (written.toInstant().isBefore(before)) {
          Files.deleteIfExists(each);
        }
      }
    }
  }

  @Override
  public void put(AgentRecord agent) throws IOException {
    agents.put(agent);
  }

  @Override
  public Optional<AgentRecord> agent(String keyId) throws IOException {
    return agents.find(keyId);
  }

  @Override
  public List<AgentRecord> agents() throws IOException {
    return agents.all();
  }

  /** Names of files come from outside: nothing but a hash is taken for one. */
  static String named(String hash) {
    if (!isHash(hash)) {
      throw new IllegalArgumentException("hash: not 64 digits of lower-case hexadecimal");
    }
    return hash;
  }

  static boolean isHash(String name) {
    return HEX.matcher(name).matches();
  }

  static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  static Properties read(Path file) throws IOException {
    Properties lines = new Properties();
    try (var reader = Files.newBufferedReader(file, UTF_8)) {
      lines.load(reader);
    }
    return lines;
  }

  static void keep(Path file, Properties lines) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String name : lines.stringPropertyNames()) {
      text.append(name).append('=').append(lines.getProperty(name)).append('\n');
    }
    Path fresh = written(folderOf(file), text.toString());
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path written(Path folder, String text) throws IOException {
    Path fresh =
        Files.createTempFile(folder, ".new-", "", PosixFilePermissions.asFileAttribute(OWNER_FILE));
    Files.writeString(fresh, text, UTF_8);
    return fresh;
  }

  private static Path made(Path folder) throws IOException {
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_FOLDER));
    requireOwnerOnly(folder);
    return folder;
  }

  private static Path folderOf(Path file) {
    Path folder = file.getParent();
    return folder == null ? Path.of(".") : folder;
  }

  /**
   * Checks that nobody but its owner may do anything with a file or folder.
   *
   * @throws IOException if others may, or it cannot be looked at
   */
  public static void requireOwnerOnly(Path file) throws IOException {
    Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    others.removeAll(OWNER_FOLDER);
    if (!others.isEmpty()) {
      throw new IOException(
          file + ": others may use it (expected: its owner alone; chmod go= " + file + ")");
    }
  }
}
