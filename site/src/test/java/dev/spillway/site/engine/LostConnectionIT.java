package dev.spillway.site.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.site.engine.ServedDeployment.Prefixes;
import dev.spillway.site.prefix.PromptPrefix;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An engine closes a connection that has served before, without an answer. */
class LostConnectionIT {
  private static final String WELL = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
  private static final String HINTS = "HTTP/1.1 103 Early Hints\r\n\r\n";
  private static final EngineCall.Request REQUEST =
      new EngineCall.Request(
          HttpMethod.GET, "/any", Reading.SEEN, EmptyHttpHeaders.INSTANCE, Unpooled.EMPTY_BUFFER);

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = loops.next();
  private final EnginePool pool =
      new EnginePool(loop, NioSocketChannel.class, DefaultAddressResolverGroup.INSTANCE);
  private final AtomicInteger requests = new AtomicInteger();
  private ServerSocket engine;

  @BeforeEach
  void listen() throws IOException {
    engine = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    engine.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void isAskedOnceMoreIfItWasClosedAtOnce() throws Exception {
    answers(WELL, "", WELL);

    assertThat(asked(0)).isEqualTo("complete");
    assertThat(asked(0)).isEqualTo("complete");

    assertThat(requests).hasValue(3);
  }

  @Test
  void isNotAskedTwiceForWhatItWorkedOn() throws Exception {
    answers(WELL, "", WELL);

    assertThat(asked(0)).isEqualTo("complete");
    assertThat(asked(2)).isEqualTo("failed");

    assertThat(requests).hasValue(2);
  }

  @Test
  void isNotAskedTwiceForWhatItHadBegunToAnswer() throws Exception {
    answers(WELL, HINTS, WELL);

    assertThat(asked(0)).isEqualTo("complete");
    assertThat(asked(0)).isEqualTo("failed");

    assertThat(requests).hasValue(2);
  }

  /**
   * Gives each request, whatever its connection, the next of these, and closes unless it is well.
   */
  private void answers(String... answers) {
    Thread.startVirtualThread(() -> {
      try {
        while (true) {
          serve(engine.accept(), answers);
        }
      } catch (IOException _) {
        // Closed: the test is over.
      }
    });
  }

  private void serve(Socket accepted, String... answers) throws IOException {
    try (Socket socket = accepted) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          String answer = answers[requests.getAndIncrement()];
          socket.getOutputStream().write(answer.getBytes(US_ASCII));
          if (!answer.equals(WELL)) {
            return;
          }
        }
      }
    }
  }

  /** How a request ended that was sent so many seconds ago, by its clock. */
  private String asked(long secondsAgo) throws InterruptedException {
    EngineAddress address = new EngineAddress("127.0.0.1", engine.getLocalPort(), "/v1");
    Replica replica = new Replica(address, "mark");
    ServedDeployment deployment =
        new ServedDeployment(
            new DeploymentId("chat-oci"), List.of(replica), Prefixes.OF_A_TENANT, 10_000);
    Choice choice = new Choice(deployment, replica, PromptPrefix.NONE, 100, 0);
    Ending ending = new Ending();
    long sent = System.nanoTime() - TimeUnit.SECONDS.toNanos(secondsAgo);
    loop.execute(() -> EngineCall.start(pool, choice, REQUEST, ending, sent));
    return ending.await();
  }

  private static final class Ending implements EngineAnswer {
    private final BlockingQueue<String> how = new LinkedBlockingQueue<>();

    String await() throws InterruptedException {
      return String.valueOf(how.poll(10, TimeUnit.SECONDS));
    }

    @Override
    public void head(int status, HttpHeaders headers) {}

    @Override
    public void content(ByteBuf bytes) {
      bytes.release();
    }

    @Override
    public void readComplete() {}

    @Override
    public void complete() {
      how.add("complete");
    }

    @Override
    public void failed() {
      how.add("failed");
    }
  }
}
