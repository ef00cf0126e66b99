package dev.spillway.site.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.link.EnrolmentAnswer;
import dev.spillway.wire.link.EnrolmentAnswer.Enrolled;
import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.KnownHubs;
import dev.spillway.wire.link.MalformedMessage;
import dev.spillway.wire.link.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where an agent keeps what must outlive it; its owner alone can read it.
 *
 * <p>The key is written once, before the join; certificates and bundles after it replace one
 * another whole, so that a crash leaves the old one or the new one.
 */
public final class IdentityFolder {
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");
  private static final String KEY = "agent-key.pem";
  private static final String JOINING = "joining-key.pem";
  private static final String IDENTITY = "identity.json";
  private static final String BUNDLE = "bundle";
  private static final String HUBS = "hubs.json";
  private static final String JOINED_AT = "joined-at";

  private final Path folder;

  private IdentityFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * In this folder, which is made if there is none.
   *
   * @throws IOException if it cannot be made, or others may write in it or read its key
   */
  public static IdentityFolder in(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    refuse(folder, Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE));
    for (String key : List.of(KEY, JOINING)) {
      if (Files.exists(folder.resolve(key))) {
        refuse(folder.resolve(key), OTHERS);
      }
    }
    return new IdentityFolder(folder);
  }

  private static void refuse(Path file, Set<PosixFilePermission> permissions) throws IOException {
    if (!Collections.disjoint(Files.getPosixFilePermissions(file), permissions)) {
      throw new IOException(
          file + ": others may use it (expected: its owner alone; chmod go= " + file + ")");
    }
  }

  /**
   * The key to join with: kept until it is let in, because the answer that lets it in can be lost,
   * and a token is good for one key.
   *
   * @throws IOException if it cannot be read or kept
   */
  public KeyPair joiningKey() throws IOException {
    Path file = folder.resolve(JOINING);
    if (!Files.exists(file)) {
      KeyPair made = CertificateRequest.newKey();
      replace(JOINING, (Pem.of(made.getPrivate()) + Pem.of(made.getPublic())).getBytes(UTF_8));
      return made;
    }
    String pem = Files.readString(file, UTF_8);
    try {
      return new KeyPair(Pem.publicKey("EC", pem), Pem.privateKey("EC", pem));
    } catch (MalformedMessage e) {
      throw new IOException(file + ": " + e.getMessage() + "; delete it and join again", e);
    }
  }

  /** Who the agent is; empty if it has not joined. */
  public Optional<SiteIdentity> load() throws IOException {
    Path identity = folder.resolve(IDENTITY);
    if (!Files.exists(identity)) {
      return Optional.empty();
    }
    try {
      EnrolmentAnswer said = EnrolmentAnswer.decode(ByteSlice.of(Files.readAllBytes(identity)));
      if (!(said instanceof Enrolled enrolled)) {
        throw new MalformedMessage("no identity");
      }
      String key = Files.readString(folder.resolve(KEY), UTF_8);
      return Optional.of(SiteIdentity.of(Pem.privateKey("EC", key), enrolled));
    } catch (MalformedMessage e) {
      throw new IOException(identity + ": " + e.getMessage() + "; join again elsewhere", e);
    }
  }

  /** Keeps who the agent is from now on. */
  public void save(SiteIdentity identity) throws IOException {
    Path key = folder.resolve(KEY);
    String pem = Pem.of(identity.key());
    if (!Files.exists(key) || !Files.readString(key, UTF_8).equals(pem)) {
      replace(KEY, pem.getBytes(UTF_8));
    }
    Enrolled enrolled =
        new Enrolled(
            identity.site(),
            Pem.of(identity.certificate()),
            Pem.of(identity.authority()),
            Pem.of(identity.policyKey()),
            identity.sealKey(),
            Instant.EPOCH);
    replace(IDENTITY, enrolled.encode());
    Files.deleteIfExists(folder.resolve(JOINING));
  }

  /** The last policy bundle that was accepted, as it came; empty if there is none. */
  public Optional<byte[]> bundle() throws IOException {
    Path bundle = folder.resolve(BUNDLE);
    return Files.exists(bundle) ? Optional.of(Files.readAllBytes(bundle)) : Optional.empty();
  }

  /** Keeps a policy bundle that was accepted. */
  public void saveBundle(byte[] signed) throws IOException {
    replace(BUNDLE, signed);
  }

  /** Which hubs were announced last; empty if none was, or it cannot be read. */
  public KnownHubs hubs() throws IOException {
    Path hubs = folder.resolve(HUBS);
    if (!Files.exists(hubs)) {
      return KnownHubs.NONE;
    }
    try {
      return KnownHubs.decode(ByteSlice.of(Files.readAllBytes(hubs)));
    } catch (MalformedMessage e) {
      return KnownHubs.NONE; // the hubs of the configuration say it again
    }
  }

  /** Keeps which hubs were announced. */
  public void saveHubs(KnownHubs hubs) throws IOException {
    replace(HUBS, hubs.encode());
  }

  /** Where it joined, for a configuration that does not say; empty if that was never needed. */
  public List<HubAddress> joinedAt() throws IOException {
    Path file = folder.resolve(JOINED_AT);
    if (!Files.exists(file)) {
      return List.of();
    }
    List<HubAddress> hubs = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file, UTF_8)) {
        hubs.add(HubAddress.parse(line));
      }
    } catch (MalformedMessage e) {
      throw new IOException(file + ": " + e.getMessage() + "; join again", e);
    }
    return hubs;
  }

  /** Keeps where it joined. */
  public void saveJoinedAt(List<HubAddress> hubs) throws IOException {
    String lines = hubs.stream().map(each -> each + "\n").collect(joining());
    replace(JOINED_AT, lines.getBytes(UTF_8));
  }

  private void replace(String name, byte[] content) throws IOException {
    Path fresh =
        Files.createTempFile(
            folder,
            ".new-",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(fresh, content);
      Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh); // it is there only if that failed
    }
  }
}
