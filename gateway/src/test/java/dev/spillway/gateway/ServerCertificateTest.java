package dev.spillway.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerCertificateTest {
  private static final long BYTES = 100L << 20;

  @TempDir private Path folder;

  @Test
  void readsNoFileThatIsFarTooLarge() throws IOException {
    Path small = Files.write(folder.resolve("small.pem"), "none".getBytes(US_ASCII));
    Path large = folder.resolve("large.pem");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(BYTES);
    }

    assertThatThrownBy(() -> ServerCertificate.read(large, small))
        .isInstanceOf(UnusableCertificateException.class)
        .hasMessage(
            "listen.tls.certificate: "
                + large
                + " is larger than 1 MiB (expected: PEM, of some KiB)");
    assertThatThrownBy(() -> ServerCertificate.read(small, large))
        .hasMessageStartingWith("listen.tls.key: " + large + " is larger than 1 MiB");
  }
}
