package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.site.SiteAgent;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that says all it has to say, and breaks off where the end of its framing should be. */
class ResetOverLinkIT {
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  private static final String PART = "data: {}\n\n";
  private static final String END = "data: [DONE]\n\n";
  private static final int PARTS = 20;

  private final CountDownLatch mayEnd = new CountDownLatch(1);

  @TempDir Path folder;
  private TestSite hub;
  private RawEngine engine;
  private SiteAgent agent;

  @BeforeEach
  void start() throws Exception {
    hub = new TestSite(folder);
    engine = RawEngine.start(this::answer);
    agent = hub.agent(hub.join(), "agent", engine.port());
    until("the site is online", hub::isOnline);
  }

  @AfterEach
  void stop() throws Exception {
    mayEnd.countDown();
    hub.close();
    engine.close();
  }

  @Test
  void isHeardToTheEndByOneWhoReads() throws Exception {
    mayEnd.countDown();
    Received answer = hub.chat(5);

    assertHeardToTheEnd(answer);
  }

  @Test
  void isHeardToTheEndByOneWhoReadsLater() throws Exception {
    Received answer = hub.chat(5);
    until("content came", () -> answer.bytes() > 0);
    answer.pause();

    mayEnd.countDown();
    until("the agent reset it", () -> agent.status().requests() == 0);
    assertHeardToTheEnd(hub.chat(5)); // by then the hub has the reset
    assertThat(answer.isOver()).isFalse();
    answer.resume();

    assertHeardToTheEnd(answer);
  }

  private static void assertHeardToTheEnd(Received answer) throws Exception {
    assertThat(answer.text()).isEqualTo(PART.repeat(PARTS) + END);
    assertThat(answer.failure())
        .hasFieldOrPropertyWithValue("kind", AttemptFailure.Kind.STREAM_BROKEN);
  }

  private void answer(Socket connection) throws IOException, InterruptedException {
    RawEngine.write(connection, HEAD + chunk(PART));
    mayEnd.await();
    for (int i = 1; i < PARTS; i++) {
      RawEngine.write(connection, chunk(PART));
      Thread.sleep(1); // so that there are several frames
    }
    RawEngine.write(connection, chunk(END));
    connection.close();
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }
}
