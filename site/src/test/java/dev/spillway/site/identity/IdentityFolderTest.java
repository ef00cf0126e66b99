package dev.spillway.site.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.Signature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityFolderTest {
  @TempDir Path folder;

  @Test
  void joinsWithTheSameKeyUntilItIsLetIn() throws Exception {
    KeyPair first = IdentityFolder.in(folder).joiningKey();
    KeyPair second = IdentityFolder.in(folder).joiningKey();

    assertThat(second.getPublic()).isEqualTo(first.getPublic());
    assertThat(verifies(second, first)).isTrue();
    assertThat(Files.getPosixFilePermissions(folder.resolve("joining-key.pem")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void saysWhatToDoWithAKeyThatIsNone() throws Exception {
    Path key = folder.resolve("joining-key.pem");
    Files.writeString(key, "none");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> IdentityFolder.in(folder).joiningKey())
        .withMessageContaining(key.toString())
        .withMessageContaining("delete it");
  }

  private static boolean verifies(KeyPair signer, KeyPair reader) throws Exception {
    byte[] text = {1, 2, 3};
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(signer.getPrivate());
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(reader.getPublic());
    signature.update(text);
    return signature.verify(signed);
  }
}
