package dev.spillway.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.telemetry.Records;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RequestLogTest {
  @Test
  void writesALineForEachRequestInOrder() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();

    try (RequestLog log = new RequestLog(file, 100)) {
      log.ended(Records.whole("req-1", Records.HOME));
      log.ended(Records.whole("req-2", Records.HOME));
    }

    assertThat(file.toString(UTF_8).lines())
        .satisfiesExactly(
            first -> assertThat(first).contains("\"request_id\":\"req-1\""),
            second -> assertThat(second).contains("\"request_id\":\"req-2\""));
  }

  @Test
  void dropsAndCountsWhatASlowDiskCannotTake() throws InterruptedException {
    SlowDisk disk = new SlowDisk();
    try (RequestLog log = new RequestLog(disk, 2)) {
      log.ended(Records.whole("being-written", Records.HOME));
      disk.writing.await();

      for (int i = 0; i < 5; i++) {
        log.ended(Records.whole("req-" + i, Records.HOME));
      }

      assertThat(log.dropped()).isEqualTo(3);
      disk.goOn.countDown();
    }
  }

  @Test
  void countsWhatCannotBeWrittenAndGoesOn() {
    RequestLog log = new RequestLog(new FullDisk(), 100);

    log.ended(Records.whole("req-1", Records.HOME));
    log.ended(Records.whole("req-2", Records.HOME));
    log.close();

    assertThat(log.dropped()).isEqualTo(2);
  }

  /** Takes nothing until it is told to go on. */
  private static final class SlowDisk extends OutputStream {
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public void write(int one) throws IOException {
      writing.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IOException("interrupted", e);
      }
    }
  }

  private static final class FullDisk extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      throw new IOException("no space left on device");
    }
  }
}
