package dev.spillway.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spillway.site.identity.IdentityFolder;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTroubleTest {
  @TempDir private Path folder;

  @Test
  void saysWhatIsWrongWithAFileThatStandsWhereAFolderIsNeeded() throws IOException {
    Path file = Files.createFile(folder.resolve("state"));

    IOException e = catchThrowableOfType(IOException.class, () -> IdentityFolder.in(file));

    assertThat(FileTrouble.words(e))
        .isEqualTo(file + ": is there, and no folder (expected: a folder)");
  }

  @Test
  void saysWhatIsMissingOrNotPermitted() {
    Path file = folder.resolve("none");

    IOException e = catchThrowableOfType(IOException.class, () -> Files.readAllBytes(file));

    assertThat(FileTrouble.words(e)).isEqualTo(file + ": no such file or folder");
    assertThat(FileTrouble.words(new AccessDeniedException("/a")))
        .isEqualTo("/a: not permitted (expected: this user may use it)");
  }

  @Test
  void leavesOtherMessagesAlone() {
    assertThat(FileTrouble.words(new IOException("as it is"))).isEqualTo("as it is");
  }
}
