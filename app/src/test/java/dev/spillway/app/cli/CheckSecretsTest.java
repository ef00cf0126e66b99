package dev.spillway.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spillway.app.hub.Hub;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.control.sites.Authority;
import dev.spillway.control.sites.FileSiteStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check} says of the certificates and secrets that a file names, and {@code serve}. */
class CheckSecretsTest {
  private static final String NO_HUB = "refused before anything listens";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeConfiguration() throws Exception {
    FileSiteStore store = FileSiteStore.in(folder.resolve("made"));
    Authority.of(store, Instant.now());
    Path pem = folder.resolve("made").resolve("secrets").resolve("authority.pem");
    String both = Files.readString(pem);
    int key = both.indexOf("-----BEGIN PRIVATE KEY");
    Files.writeString(folder.resolve("hub.crt"), both.substring(0, key));
    Files.writeString(folder.resolve("hub.key"), both.substring(key));
    Files.copy(pem, folder.resolve("authority.pem"));
    Files.setPosixFilePermissions(
        folder.resolve("authority.pem"), PosixFilePermissions.fromString("rw-------"));
    Files.writeString(folder.resolve("provider-key"), "sk-provider\n");
    Files.writeString(folder.resolve("tenant-key"), "sk-tenant\n");
    file =
        Files.writeString(
            folder.resolve("spillway.yaml"),
            """
            platform: azure-ai
            listen:
              data: 127.0.0.1:0
              admin: 127.0.0.1:0
              links: 127.0.0.1:0
              link-authority: authority.pem
              tls:
                certificate: hub.crt
                key: hub.key
            sites:
              azure-eastus2: {provider: microsoft, role: home, geography: us}
            deployments:
              chat-home:
                site: azure-eastus2
                model: gpt-4o
                dialect: vllm
                url: "http://127.0.0.1:1"
                credential: {file: provider-key}
                capacity: {kind: self-hosted, replicas: 1}
            tenants:
              team-a: {keys: [{file: tenant-key}]}
            """);
  }

  @Test
  void acceptsWhatCanBeReadAndMakesNothing() {
    var ran = check();

    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).contains(": valid (");
    assertThat(folder.resolve("links")).doesNotExist();
  }

  @Test
  void namesEverythingThatCannotBeReadWithItsLineAndWholeKey() throws Exception {
    Files.delete(folder.resolve("hub.crt"));
    Files.delete(folder.resolve("authority.pem"));
    Files.delete(folder.resolve("provider-key"));
    Files.writeString(folder.resolve("tenant-key"), "two words");

    var ran = check();

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().lines())
        .containsExactly(
            at(6, "listen.link-authority: ")
                + folder.resolve("authority.pem")
                + ": cannot be read (expected: an authority, in PEM)",
            at(8, "listen.tls.certificate: cannot read ")
                + folder.resolve("hub.crt")
                + " (NoSuchFileException)",
            at(18, "deployments.chat-home.credential: file ")
                + folder.resolve("provider-key")
                + " cannot be read (NoSuchFileException)",
            at(21, "tenants.team-a.keys: file ")
                + folder.resolve("tenant-key")
                + ": *** (expected: printable ASCII without spaces or line ends)",
            "spillway: --without-secrets checks the file alone");
  }

  @Test
  void findsAKeyThatIsNotTheCertificates() throws Exception {
    Files.writeString(folder.resolve("hub.key"), "-----BEGIN RSA PRIVATE KEY-----");

    assertThat(check().err())
        .contains(
            at(9, "listen.tls.key: "), "holds RSA PRIVATE KEY (expected: PRIVATE KEY, PKCS#8");
  }

  @Test
  void findsAStoreOfLinksThatOthersMayUse() throws Exception {
    Files.createDirectory(folder.resolve("links"));
    Files.setPosixFilePermissions(
        folder.resolve("links"), PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(check().err()).contains("listen.link-store: ", "others may use it");
  }

  @Test
  void readsTheFileAloneIfTold() throws Exception {
    Files.delete(folder.resolve("hub.crt"));
    Files.delete(folder.resolve("provider-key"));

    var ran = Commands.run("check", "--config", file.toString(), "--without-secrets");

    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void saysOfSecretsAndOfCertificatesWhatAStartSays() throws Exception {
    Files.delete(folder.resolve("provider-key"));
    assertThat(check().err()).startsWith(refusedAtStart() + "\n");

    Files.writeString(folder.resolve("provider-key"), "sk-provider");
    Files.delete(folder.resolve("hub.key"));
    assertThat(check().err()).startsWith(refusedAtStart() + "\n");
  }

  private Commands.Ran check() {
    return Commands.run("check", "--config", file.toString());
  }

  private String at(int line, String text) {
    return file + ":" + line + ": " + text;
  }

  private String refusedAtStart() throws Exception {
    byte[] text = Files.readAllBytes(file);
    InvalidFileException refused =
        catchThrowableOfType(
            InvalidFileException.class, () -> Hub.start(file, text, ended -> {}).close());
    assertThat(refused).as(NO_HUB).isNotNull();
    return refused.getMessage();
  }
}
