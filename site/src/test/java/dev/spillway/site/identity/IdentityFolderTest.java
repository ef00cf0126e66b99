package dev.spillway.site.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.Signature;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> IdentityFolder.in(folder).joiningKey())
        .withMessageContaining(key.toString())
        .withMessageContaining("delete it");
  }

  @ParameterizedTest
  @CsvSource({"., rwxrwx---", "., rwx----w-", "joining-key.pem, rw-r-----"})
  void takesNoFolderThatOthersCouldChangeAndNoKeyThatTheyCouldRead(String file, String permissions)
      throws Exception {
    IdentityFolder.in(folder).joiningKey();
    Path open = folder.resolve(file);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(permissions));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> IdentityFolder.in(folder))
        .withMessageContaining("others may use it (expected: its owner alone; chmod go= ");
  }

  @Test
  void takesAFolderThatOthersMayLookInto() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(IdentityFolder.in(folder).load()).isEmpty();
  }

  @Test
  void leavesNothingBehindOfWhatItCouldNotKeep() throws Exception {
    IdentityFolder state = IdentityFolder.in(folder);
    Files.createDirectories(folder.resolve("bundle").resolve("in the way"));

    assertThatExceptionOfType(IOException.class).isThrownBy(() -> state.saveBundle(new byte[1]));

    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("bundle"));
    }
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
