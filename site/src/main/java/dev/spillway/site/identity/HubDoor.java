package dev.spillway.site.identity;

import dev.spillway.core.model.SiteId;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.link.EnrolmentAnswer;
import dev.spillway.wire.link.EnrolmentAnswer.Enrolled;
import dev.spillway.wire.link.EnrolmentAnswer.Refused;
import dev.spillway.wire.link.JoinRequest;
import dev.spillway.wire.link.JoinToken;
import dev.spillway.wire.link.MalformedMessage;
import dev.spillway.wire.link.Pem;
import dev.spillway.wire.link.RenewRequest;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Asks a hub for certificates; blocks. */
public final class HubDoor {
  private static final Duration WITHIN = Duration.ofSeconds(10);
  private static final int LONGEST_ANSWER = 64 << 10;

  private final URI hub;
  private final @Nullable InetSocketAddress proxy;
  private final InstantSource clock;

  /**
   * The door of a hub.
   *
   * @param hub its port for links, such as {@code https://hub.example:8443}
   * @param proxy an HTTP proxy that leads there, not looked up yet; null if none is needed
   */
  public HubDoor(URI hub, @Nullable InetSocketAddress proxy) {
    this(hub, proxy, InstantSource.system());
  }

  /** The same, by another clock: the hub's certificate is judged by it. */
  public HubDoor(URI hub, @Nullable InetSocketAddress proxy, InstantSource clock) {
    this.hub = hub;
    this.proxy = proxy;
    this.clock = clock;
  }

  /**
   * Joins: makes a key, shows the token to the hub that the token describes and to no other.
   *
   * @throws EnrolmentException if it is another hub, or it refuses
   * @throws InterruptedException if the calling thread was interrupted
   */
  public SiteIdentity join(JoinToken token, SiteId site)
      throws EnrolmentException, InterruptedException {
    KeyPair pair = CertificateRequest.newKey();
    JoinRequest request = new JoinRequest(token, site, CertificateRequest.of(pair));
    Enrolled enrolled = post(JoinRequest.PATH, request.encode(), HubTrust.by(token, clock));
    return identity(pair, enrolled);
  }

  /**
   * Gets the next certificate for the same key.
   *
   * @throws EnrolmentException if the hub cannot be reached, or refuses
   * @throws InterruptedException if the calling thread was interrupted
   */
  public SiteIdentity renew(SiteIdentity old) throws EnrolmentException, InterruptedException {
    KeyPair pair = new KeyPair(old.certificate().getPublicKey(), old.key());
    RenewRequest request = new RenewRequest(Pem.of(old.certificate()), CertificateRequest.of(pair));
    Enrolled enrolled =
        post(RenewRequest.PATH, request.encode(), HubTrust.by(old.authority(), clock));
    return identity(pair, enrolled);
  }

  private SiteIdentity identity(KeyPair pair, Enrolled enrolled) throws EnrolmentException {
    try {
      SiteIdentity identity = SiteIdentity.of(pair.getPrivate(), enrolled);
      if (!identity.certificate().getPublicKey().equals(pair.getPublic())) {
        throw new MalformedMessage("a certificate of another key");
      }
      return identity;
    } catch (MalformedMessage e) {
      throw new EnrolmentException(hub + " answered " + e.getMessage(), e);
    }
  }

  private Enrolled post(String path, byte[] body, HubTrust trust)
      throws EnrolmentException, InterruptedException {
    try (HttpClient client = client(trust)) {
      HttpRequest request =
          HttpRequest.newBuilder(hub.resolve(path))
              .version(HttpClient.Version.HTTP_1_1)
              .header("content-type", "application/json")
              .timeout(WITHIN)
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      HttpResponse<byte[]> answer =
          client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
      if (answer.statusCode() == HttpURLConnection.HTTP_PROXY_AUTH) {
        throw new IOException("the proxy asks for a login (407), of which this agent has none");
      }
      return switch (EnrolmentAnswer.decode(ByteSlice.of(answer.body()))) {
        case Enrolled enrolled -> enrolled;
        case Refused refused -> throw new EnrolmentException(refused);
      };
    } catch (IOException e) {
      String why = e.getMessage() == null ? "it cannot be reached" : e.getMessage();
      throw new EnrolmentException("no hub at " + hub + ": " + why, e);
    } catch (MalformedMessage e) {
      throw new EnrolmentException("what answers at " + hub + " is no hub", e);
    }
  }

  private HttpClient client(HubTrust trust) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().sslContext(tls(trust)).connectTimeout(WITHIN);
    if (proxy != null) {
      builder.proxy(
          ProxySelector.of(new InetSocketAddress(proxy.getHostString(), proxy.getPort())));
    }
    return builder.build();
  }

  private static SSLContext tls(HubTrust trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(null, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS 1.3", e);
    }
  }
}
