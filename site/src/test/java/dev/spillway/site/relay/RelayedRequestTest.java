package dev.spillway.site.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.SiteId;
import dev.spillway.core.seal.SealKey;
import dev.spillway.site.engine.EnginePool;
import dev.spillway.site.guard.Guard;
import dev.spillway.wire.link.LinkHeaders;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the hub is told of an engine's head. */
class RelayedRequestTest {
  private static final SiteId CHICAGO = new SiteId("oci-chicago");

  private final EmbeddedChannel stream = new EmbeddedChannel();
  private RelayedRequest relayed;

  @BeforeEach
  void begin() throws GeneralSecurityException {
    Guard guard =
        new Guard(
            CHICAGO,
            KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic(),
            SealKey.of(new byte[SealKey.BYTES]).forSite(CHICAGO),
            Instant::now);
    Service service =
        new Service(List.of(), guard, new Service.Limits(10, 1 << 20), System::nanoTime);
    relayed =
        new RelayedRequest(
            service,
            new EnginePool(
                stream.eventLoop(), EmbeddedChannel.class, DefaultAddressResolverGroup.INSTANCE));
    stream.pipeline().addLast(relayed);
  }

  @AfterEach
  void closed() {
    stream.finishAndReleaseAll();
  }

  @ParameterizedTest
  @CsvSource({"content-length, 5", "transfer-encoding, chunked"})
  void saysThatAnEngineSaidHowItsAnswerEnds(String name, String value) {
    Http2Headers head = told(200, new DefaultHttpHeaders().set(name, value));

    assertThat(head.contains(LinkHeaders.FRAMED)).isTrue();
  }

  @Test
  void saysNoSuchThingOfOneThatEndsWithItsConnection() {
    Http2Headers head = told(200, new DefaultHttpHeaders().set(LinkHeaders.FRAMED, ""));

    assertThat(head.contains(LinkHeaders.FRAMED)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"retry-after-ms, 250", "retry-after, 3"})
  void passesOnForHowLongAnEngineAsksToBeLeftAlone(String name, String value) {
    Http2Headers head = told(429, new DefaultHttpHeaders().set(name, value));

    assertThat(head.get(name)).hasToString(value);
  }

  private Http2Headers told(int status, HttpHeaders headers) {
    relayed.head(status, headers);
    relayed.readComplete();
    Http2HeadersFrame frame = stream.readOutbound();
    return frame.headers();
  }
}
