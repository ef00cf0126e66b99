package dev.spillway.gateway.server;

import dev.spillway.gateway.telemetry.FewWarnings;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What fails in the hub itself, and nobody foresaw: told apart from what clients do to their
 * connections, and logged with its stack, ten a minute at most, as a client may find out how to
 * bring it about. Any thread.
 */
public final class Unforeseen {
  private final FewWarnings warnings;

  /**
   * Nothing yet.
   *
   * @param nanoClock the monotonic one
   */
  public Unforeseen(LongSupplier nanoClock) {
    this.warnings = new FewWarnings(nanoClock, "failures of the hub itself");
  }

  /** Logs it, unless it is the client's doing; whether it was not. */
  boolean tell(Throwable cause) {
    if (isTheClients(cause)) {
      return false;
    }
    warnings.tellFailure("a request failed in the hub itself", new Place(cause));
    return true;
  }

  /** A connection that breaks, or its TLS; bytes that a codec finds wrong. */
  private static boolean isTheClients(Throwable cause) {
    Throwable inner = cause.getCause();
    Throwable what = cause instanceof DecoderException && inner != null ? inner : cause;
    return what instanceof IOException // those of TLS are such, too
        || what instanceof DecoderException
        || Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null;
  }

  /** What failed and where, without its message: the JDK's repeat what they were given. */
  private static final class Place extends Exception {
    Place(Throwable of) {
      super(of.getClass().getName(), within(of.getCause()), false, true);
      setStackTrace(of.getStackTrace());
    }

    private static @Nullable Place within(@Nullable Throwable cause) {
      return cause == null ? null : new Place(cause);
    }
  }
}
